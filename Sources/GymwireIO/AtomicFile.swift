/// Files that are either wholly old or wholly new, whatever happens while they are written.
public enum AtomicFile {
  private static let prefix = ".gymwire-"
  private static let suffix = ".new"

  /// Writes a temporary file beside `path`, brings it to the disk, and gives it that name.
  ///
  /// What is no file, such as a device or a FIFO, keeps its place and is written to.
  /// - Throws: ``FileError``; whatever had the name before still has it then.
  public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FileError) {
    try begin(path, with: bytes).close()
  }

  /// Writes a text as UTF-8, in the same way.
  public static func write(_ text: String, to path: String) throws(FileError) {
    try begin(path, with: text).close()
  }

  /// Writes what comes piece by piece, in the same way, to a file or a name that nothing has yet.
  ///
  /// - Parameter pieces: is given what writes a piece.
  public static func write(
    to path: String,
    pieces: (_ write: (UnsafeRawBufferPointer) throws(DescriptorError) -> Void) throws(DescriptorError) -> Void
  ) throws(FileError) {
    Platform.surviveWrites()
    do throws(SystemError) {
      try replace(path, 0o644) { (file) throws(DescriptorError) in
        try pieces { (bytes) throws(DescriptorError) in try file.writeAll(bytes) }
      }.close()
    } catch { throw FileError(path: path, cause: error) }
  }

  /// Removes what writers of a directory have left behind that were killed in the middle; nobody may be writing to it.
  public static func removeLeftovers(in directory: String) {
    for name in (try? Platform.directoryEntries(directory)) ?? [] where name.hasPrefix(prefix) && name.hasSuffix(suffix)
    {
      Platform.unlink(directory + "/" + name)
    }
  }

  /// Writes a text as UTF-8, and leaves it open to be added to.
  static func begin(_ path: String, with text: String) throws(FileError) -> FileDescriptor {
    try Array(text.utf8).withUnsafeBytes { bytes -> Result<FileDescriptor, FileError> in
      do throws(FileError) { return .success(try begin(path, with: bytes)) } catch { return .failure(error) }
    }.get()
  }

  private static func begin(_ path: String, with bytes: UnsafeRawBufferPointer) throws(FileError) -> FileDescriptor {
    Platform.surviveWrites()
    switch try WritingPlace(path) {
    case .stream(let stream):
      do throws(DescriptorError) { try stream.writeAll(bytes) } catch {
        stream.close()
        throw FileError(path: path, cause: error.cause)
      }
      return stream
    case .file(let file, let permissions):
      do throws(SystemError) {
        return try replace(file, permissions) { (file) throws(DescriptorError) in try file.writeAll(bytes) }
      } catch {
        throw FileError(path: path, cause: error)
      }
    }
  }

  private static func replace(
    _ path: String, _ permissions: UInt32, fill: (FileDescriptor) throws(DescriptorError) -> Void
  ) throws(SystemError) -> FileDescriptor {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    // A name that nobody can foresee, and so has put nothing under.
    let temporary = directory + prefix + String(UInt64.random(in: .min ... .max), radix: 16) + suffix
    let number = Platform.createExclusively(temporary, permissions: permissions)
    guard number >= 0 else { throw SystemError(number: -number) }
    let file = FileDescriptor(rawValue: number)
    var failure = SystemError.none
    do throws(DescriptorError) {
      try fill(file)
      failure = SystemError(number: -Platform.synchronize(number))
    } catch {
      failure = error.cause
    }
    if failure == .none { failure = SystemError(number: -Platform.rename(temporary, to: path)) }
    guard failure == .none else {
      file.close()
      Platform.unlink(temporary)
      throw failure
    }
    Platform.synchronize(directory: directory)
    return file
  }
}

/// What a name stands for to somebody who writes.
private enum WritingPlace {
  /// A file at this path, which a new one with these permissions takes the place of; or nothing yet.
  case file(path: String, permissions: UInt32)
  /// A device or a FIFO, or a file under one of the names for those that are open already: it is written to as it is.
  case stream(FileDescriptor)

  init(_ path: String) throws(FileError) {
    guard let status = Platform.status(path) else {
      self = .file(path: path, permissions: 0o644)
      return
    }
    switch status.kind {
    case .regular:
      self = .file(path: path, permissions: status.permissions)
      return
    case .directory: throw FileError(path: path, cause: .isDirectory)
    case .link, .other: break
    }
    let stream = try Self.open(path)
    // A link stays a link. Opening it first leaves it to the system whether a stranger's link may be followed.
    guard let opened = Platform.status(stream.rawValue), opened.kind == .regular,
      !["/dev/", "/proc/"].contains(where: path.hasPrefix), let target = Platform.resolve(path)
    else {
      self = .stream(stream)
      return
    }
    stream.close()
    self = .file(path: target, permissions: opened.permissions)
  }

  /// Opens what is there, and waits for the reader of a FIFO.
  private static func open(_ path: String) throws(FileError) -> FileDescriptor {
    while true {
      let number = Platform.openForAppending(path)
      if number >= 0 { return FileDescriptor(rawValue: number) }
      let error = SystemError(number: -number)
      guard error == .interrupted, !Interruption.isRequested else { throw FileError(path: path, cause: error) }
    }
  }
}
