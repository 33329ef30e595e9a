import CommandLineOptions
import GymwireIO

/// `--record` of the commands that are servers themselves.
enum RecordOption {
  static let file = Option(
    "record", .path(), defaultText: "nowhere",
    help: "Write the conversation to FILE. pgagent replay reads it, and starts the same command again.")

  /// The recorder that the command line asks for.
  static func recorder(_ arguments: Arguments) throws -> TranscriptRecorder? {
    guard let path = arguments[file] else { return nil }
    try NamedFile.requireWritable(path, of: "--record")
    return try TranscriptRecorder(
      path, command: ["pgagent"] + withoutOption(Array(CommandLine.arguments.dropFirst())),
      warn: { StandardStreams.report("warning: " + $0) })
  }

  /// A replay must not write over what it plays.
  private static func withoutOption(_ words: [String]) -> [String] {
    let words = words.filter { !$0.hasPrefix("--record=") }
    guard let index = words.firstIndex(of: "--record") else { return words }
    return Array(words[..<index] + words[index...].dropFirst(2))
  }
}
