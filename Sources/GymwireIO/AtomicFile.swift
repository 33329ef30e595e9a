/// Files that are either wholly old or wholly new, whatever happens while they are written.
public enum AtomicFile {
  /// Writes a temporary file beside `path`, brings it to the disk, and gives it that name.
  ///
  /// - Throws: ``FileError``; whatever had the name before still has it then.
  public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FileError) {
    let temporary = path + ".new"
    let number = Platform.create(temporary)
    guard number >= 0 else { throw FileError(path: path, cause: SystemError(number: -number)) }
    let file = FileDescriptor(rawValue: number)
    var failure = Int32(0)
    do throws(DescriptorError) {
      try file.writeAll(bytes)
      failure = -Platform.synchronize(number)
    } catch {
      failure = error.cause.number
    }
    file.close()
    if failure == 0 { failure = -Platform.rename(temporary, to: path) }
    guard failure == 0 else {
      Platform.unlink(temporary)
      throw FileError(path: path, cause: SystemError(number: failure))
    }
    let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    Platform.synchronize(directory: directory.isEmpty ? "/" : directory)
  }

  /// Writes a text as UTF-8, in the same way.
  public static func write(_ text: String, to path: String) throws(FileError) {
    let result = Array(text.utf8).withUnsafeBytes { bytes -> Result<Void, FileError> in
      do throws(FileError) { return .success(try write(bytes, to: path)) } catch { return .failure(error) }
    }
    try result.get()
  }
}

/// Why a file could not be written.
public struct FileError: Error, CustomStringConvertible, Sendable {
  let path: String
  let cause: SystemError

  /// A sentence with the file and the system's reason.
  public var description: String { "cannot write \(path): \(cause)" }
}
