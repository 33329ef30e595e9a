/// Why a file could not be written or read.
public struct FileError: Error, CustomStringConvertible, Sendable {
  enum Cause {
    case system(SystemError)
    /// It has more bytes than there is room for, as many as are known.
    case tooLarge(bytes: Int, limit: Int)
  }

  private let action: String
  private let path: String
  private let cause: Cause

  init(path: String, cause: SystemError) {
    (action, self.path, self.cause) = ("write", path, .system(cause))
  }

  init(reading path: String, _ cause: Cause) {
    (action, self.path, self.cause) = ("read", path, cause)
  }

  /// Whether there is no such file.
  public var isMissing: Bool {
    if case .system(.missing) = cause { true } else { false }
  }

  /// What is wrong, without the file's name.
  public var reason: String {
    switch cause {
    case .system(let error): error.description
    case .tooLarge(let bytes, let limit): "it has \(bytes) bytes or more, and \(limit) are the most that are read"
    }
  }

  /// A sentence with the file and the reason.
  public var description: String { "cannot \(action) \(path): \(reason)" }
}
