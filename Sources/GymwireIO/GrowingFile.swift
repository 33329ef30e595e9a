/// A file that is begun anew and then grows by whole lines.
public struct GrowingFile: Sendable {
  private let path: String
  private let file: FileDescriptor

  /// Begins the file, dropping what it held before.
  ///
  /// - Throws: ``FileError``.
  public init(_ path: String) throws(FileError) {
    let number = Platform.create(path)
    guard number >= 0 else { throw FileError(path: path, cause: SystemError(number: -number)) }
    self.path = path
    file = FileDescriptor(rawValue: number)
  }

  /// Adds a text at the end; it is the operating system's at once, so it outlives this process however that ends.
  public func append(_ text: String) throws(FileError) {
    do throws(DescriptorError) { try file.writeAll(text) } catch { throw FileError(path: path, cause: error.cause) }
  }
}
