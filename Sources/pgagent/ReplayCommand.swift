import CommandLineOptions
import Conformance
import GymwireIO

/// `pgagent replay`: plays a recorded dialogue to a server again, and says where it answers otherwise.
enum ReplayCommand {
  static let path = Option(argument: "FILE", .path(), help: "A transcript, as --record writes it.")
  static let server = Option(
    "env-cmd", .commandLine(), defaultText: "the command that the file names",
    help: "The command of the server to play it to, whatever its role.")
  static let limit = Option(
    "step-timeout", EnvironmentOptions.seconds, default: 60, help: "How long each reply, and the end, may take.")

  static let command = Command(
    "replay", summary: "Play a recorded dialogue to a server again, and report the first difference.",
    details: """
      Example: pgagent --env-cmd cartpole-server --epochs 1 --record dialogue.txt
               pgagent replay dialogue.txt --env-cmd cartpole-server
      protocol/transcripts/README.md has the format, and says when two replies are the same.
      The exit status is 0 when all went as written, 1 when something differs, 2 when nothing could be played.
      """,
    groups: [OptionGroup("Dialogue", path, server, limit)], run: run)

  /// The largest transcript that is read, in bytes.
  private static let largestSize = 1 << 30

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let path = arguments[path]
    let bytes = try NamedFile.read(path, meaning: "a transcript", atMost: largestSize)
    let transcript: Transcript
    do throws(Transcript.FormatError) {
      transcript = try Transcript(String(decoding: bytes, as: UTF8.self), name: path)
    } catch {
      throw UsageError.conflict("\(error)")
    }
    let words = try arguments[server].map { (text) throws(UsageError) in
      try EnvironmentOptions.words(of: text, option: "--env-cmd")
    }
    let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let command = words ?? transcript.command(beside: directory)
    guard !command.isEmpty else {
      throw UsageError.conflict("\(path) names no command to start: give one with --env-cmd")
    }
    do {
      let replies = try TranscriptPlayer.play(transcript, with: command, limit: .seconds(arguments[limit]))
      try FileDescriptor.standardOutput.writeAll("\(path): all \(replies) replies are as written\n")
      return 0
    } catch let difference as TranscriptPlayer.Difference {
      try FileDescriptor.standardOutput.writeAll(
        """
        \(VisibleText.line(difference.place)): the first difference
          expected: \(VisibleText.line(difference.expected))
          came:     \(VisibleText.line(difference.came))

        """)
      return 1
    }
  }
}
