/// Directories, made one at a time.
public enum Directory {
  /// Makes a directory and those that it is in.
  ///
  /// - Returns: whether it is new. If several processes make the same one at once, only one of them gets true.
  public static func make(_ path: String) throws(FileError) -> Bool {
    var failure = Platform.makeDirectory(path)
    if SystemError(number: -failure) == .missing, let end = path.lastIndex(of: "/"), end > path.startIndex {
      _ = try make(String(path[..<end]))
      failure = Platform.makeDirectory(path)
    }
    switch SystemError(number: -failure) {
    case .none: return true
    case .exists: return false
    case let error: throw FileError(path: path, cause: error)
    }
  }

  /// The names of what is in a directory, in no order.
  public static func names(in path: String) throws(FileError) -> [String] {
    do throws(SystemError) { return try Platform.directoryEntries(path).filter { $0 != "." && $0 != ".." } } catch {
      throw FileError(reading: path, .system(error))
    }
  }
}
