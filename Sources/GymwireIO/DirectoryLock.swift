/// The right to be the only one that writes to a directory, for as long as this object or its process lives.
///
/// It is `flock(2)` on the file `.lock` in the directory. The system takes such a lock back when its process ends,
/// however that ends; unlike one of `fcntl(2)` it stays when somebody closes another descriptor of the same file, and it
/// also keeps out a second writer of the same process. Linux passes it on to an NFS server as a lock of all of the
/// file's bytes, for which the file has to be open for writing, so that it holds between machines as well.
public final class DirectoryLock: Sendable {
  /// Why a directory cannot be had.
  public enum Refusal: Error, CustomStringConvertible, Sendable {
    /// Somebody else has it: what is known of the process.
    case isTaken(by: String)
    /// The lock's file cannot be made.
    case failed(FileError)

    /// A clause without an end, to follow what was tried.
    public var description: String {
      switch self {
      case .isTaken(let holder): "it is in use by another run\(holder.isEmpty ? "" : ", \(holder)")"
      case .failed(let error): error.description
      }
    }
  }

  /// Whether the file system has such locks; where it has none, nobody is kept out.
  public let isEnforced: Bool

  private let directory: String
  private let file: FileDescriptor
  private static let name = "/.lock"

  /// Takes the lock of a directory, which has to exist, and does not wait for it.
  public init(_ directory: String) throws(Refusal) {
    self.directory = directory
    (file, isEnforced) = try Self.take(directory + Self.name)
    _ = Platform.truncate(file.rawValue)
    try? file.writeAll("process \(Platform.processIdentifier()) on \(Platform.hostName())\n")
  }

  private static func take(_ path: String) throws(Refusal) -> (FileDescriptor, isEnforced: Bool) {
    while true {
      let number = Platform.openLockFile(path)
      guard number >= 0 else { throw .failed(FileError(path: path, cause: SystemError(number: -number))) }
      let file = FileDescriptor(rawValue: number)
      switch SystemError(number: -Platform.lock(number)) {
      case .none:
        // Whoever had it before may have removed the file since it was opened here.
        if Platform.status(path)?.identity == Platform.status(number)?.identity { return (file, true) }
        file.close()
      case .interrupted: file.close()
      case .wouldBlock:
        file.close()
        throw .isTaken(by: holder(path))
      default: return (file, false)
      }
    }
  }

  deinit { file.close() }

  /// Says whether the directory has a use yet: without one it goes when a signal ends this program at once, if there is
  /// nothing in it but the lock's file.
  public func setInUse(_ isInUse: Bool) {
    if isInUse { UnusedDirectory.clear() } else { UnusedDirectory.set(directory, lock: directory + Self.name) }
  }

  /// Removes the lock's file, and the directory with it if there is nothing else in it.
  public func removeEmptyDirectory() {
    Platform.unlink(directory + Self.name)
    Platform.removeDirectory(directory)
  }

  private static func holder(_ path: String) -> String {
    let bytes = Platform.beginning(of: path, limit: 300) ?? []
    return String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
  }
}
