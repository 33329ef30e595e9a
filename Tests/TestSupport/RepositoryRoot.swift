/// The path of the repository's root directory, found from this source file's own place in it.
public let repositoryRoot: String = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
  .joined(separator: "/")
