import Foundation
import Testing

/// What a command line names and what is not there, or is of another kind: one sentence and one status, whichever command
/// is told of it.
@Suite("A name on the command line that leads nowhere")
struct NamedFileTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"
  private static let cartPole = "--env-cmd cartpole-server"

  /// The first line that is said of each command line, after the command's name.
  private func refusals(_ commands: [String], in directory: String) throws -> Set<String> {
    Set(
      try commands.map { words in
        let (status, output) = try Shell.run("\(Self.agent) \(words)", in: directory)
        #expect(status == 2, "\(words): \(output)")
        let line = output.split(separator: "\n").first ?? ""
        return String(line.drop { $0 != ":" }.dropFirst(2))
      })
  }

  @Test(
    "a file to be written says what is in its way",
    arguments: [(".", "it is a directory"), ("nowhere/x", "there is no directory nowhere")])
  func written(path: String, reason: String) throws {
    try Shell.withDirectory { directory in
      let recording = ["train --out run", "eval --policy-cmd true", "play", "bench", "work"]
      let recorders = recording.map { "\($0) \(Self.cartPole)" } + ["learn --out run"]
      let unrecorded = try refusals(recorders.map { "\($0) --record \(path)" }, in: directory)
      #expect(unrecorded == ["--record \(path) cannot be written; give the path of a file (\(reason))"])
      let writing = ["report a", "clone --from said.txt"]
      let unwritten = try refusals(writing.map { "\($0) --out \(path)" }, in: directory)
      #expect(unwritten == ["--out \(path) cannot be written; give the path of a file (\(reason))"])
      let exported = try refusals(["export p --format c --output \(path)"], in: directory)
      #expect(exported == ["--output \(path) cannot be written; give the path of a file (\(reason))"])
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
    }
  }

  @Test(
    "a file to be read says what is there instead",
    arguments: [("/", "it is a directory"), ("nowhere", "there is no such file")])
  func read(path: String, reason: String) throws {
    try Shell.withDirectory { directory in
      let transcripts = ["clone --out p --from", "train \(Self.cartPole) --algo sac --replay-from", "replay"]
      let refused = try refusals(transcripts.map { "\($0) \(path)" }, in: directory)
      #expect(
        refused.allSatisfy { $0.hasSuffix("\(path) cannot be read; give a transcript (\(reason))") }, "\(refused)")
      let unread = try refusals(["train \(Self.cartPole) --curriculum \(path)"], in: directory)
      #expect(unread == ["--curriculum \(path) cannot be read; give a file of lessons (\(reason))"])
    }
  }

  @Test("a directory that holds no run is no run to every command")
  func runs() throws {
    try Shell.withDirectory { directory in
      let sentence = "nowhere is not a run; give the directory of one (config.json: there is no such file)"
      let commands = ["eval nowhere", "watch nowhere", "report nowhere", "compare nowhere"]
      let looking = try refusals(commands, in: directory)
      #expect(looking == [sentence])
      let resuming = try refusals(["train --resume nowhere", "learn --resume nowhere"], in: directory)
      #expect(resuming == ["--resume " + sentence])
    }
  }

  @Test("a program that is not there is told by every command that would start it, and by the first of many runs")
  func programs() throws {
    try Shell.withDirectory { directory in
      let commands = [
        "train", "train --workers 2", "train --seeds 2", "play", "bench", "check", "eval --policy-cmd true",
      ]
      let refused = try refusals(commands.map { "\($0) --env-cmd ./nowhere" }, in: directory)
      #expect(
        refused.count == 1 && refused.first?.hasPrefix("cannot start ./nowhere: there is no file") == true, "\(refused)"
      )
      #expect(!FileManager.default.fileExists(atPath: directory + "/runs"))
    }
  }

  @Test("a program that repeats what it is told is said to do so, whatever it should be")
  func echoes() throws {
    for words in [
      "train --env-cmd cat --out run", "eval \(Self.cartPole) --policy-cmd cat",
      "train --workers 1 --worker-cmd cat --out run",
    ] {
      let (status, output) = try Shell.withDirectory { try Shell.run("\(Self.agent) \(words)", in: $0) }
      #expect(status == 1 && output.contains(" answered with the very line that it was sent ("), "\(words): \(output)")
      #expect(output.contains("it is probably no Gymwire server: give the command of one."), "\(words): \(output)")
    }
    let (status, output) = try Shell.run("\(Self.agent) check --env-cmd cat")
    #expect(status == 1 && output.contains("came:     the very line that was sent: the program repeats"), "\(output)")
  }
}
