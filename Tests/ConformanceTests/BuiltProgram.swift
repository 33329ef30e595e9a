/// The executables that were built along with these tests.
enum BuiltProgram {
  /// The path of one of them.
  static func path(_ name: String) -> String { directory + "/" + name }

  /// The command with its first word turned into the path of a built executable.
  static func command(_ words: [String]) -> [String] {
    words.isEmpty ? [] : [path(words[0])] + words.dropFirst()
  }

  /// The products directory: where the bundle of the tests is, which an argument names on every platform.
  private static let directory: String = {
    let arguments = CommandLine.arguments
    let bundle = arguments.first { $0.contains(".xctest") } ?? arguments[0]
    let parts = bundle.split(separator: "/", omittingEmptySubsequences: false)
    let index = parts.firstIndex { $0.hasSuffix(".xctest") } ?? parts.count - 1
    return parts[..<index].joined(separator: "/")
  }()
}
