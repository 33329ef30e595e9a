import Conformance
import Foundation
import GymwireIO
import JSONLines
import TestSupport
import Testing

/// What was said can be said again: `--record` and `pgagent replay`.
@Suite("Recorded dialogues")
struct RecordingTests {
  @Test("a training run is written down, goes as written again, and differs with another server")
  func training() throws {
    try Shell.withDirectory { directory in
      let agent = "'\(BuiltProgram.path("pgagent"))'"
      let (status, output) = try Shell.run(
        "\(agent) --env-cmd cartpole-server --env-procs 2 --epochs 1 --steps-per-epoch 64 --out run --record said.txt",
        in: directory)
      #expect(status == 0, "\(output)")
      for file in ["said.txt", "said.txt.2"] {
        let (status, output) = try Shell.run("\(agent) replay \(file)", in: directory)
        #expect(status == 0 && output.contains("replies are as written"), "\(output)")
      }
      let (difference, story) = try Shell.run("\(agent) replay said.txt --env-cmd swingup-server", in: directory)
      #expect(difference == 1)
      #expect(story.contains("said.txt:3: the first difference") && story.contains("swingup-server"), "\(story)")
      let (plain, text) = try Shell.run(
        "\(agent) eval --env-cmd cartpole-server --policy-cmd \"pgagent serve run/policy.json\" --episodes 2 "
          + "--record eval.txt && \(agent) replay eval.txt && \(agent) replay eval.txt.policy",
        in: directory)
      #expect(plain == 0, "\(text)")
    }
  }

  @Test("the kit's own conversations go as written again, hostile lines included, where a seed was given")
  func conversations() throws {
    try Shell.withDirectory { directory in
      let server = BuiltProgram.path("cartpole-server")
      var options = Subject.Options(command: [server])
      options.leakSteps = 200
      options.recordDirectory = directory
      let summary = try CheckRun(CheckCatalog.environment, role: "env", options: options).run()
      #expect(summary.isClean, "\(summary.departures)")
      var played = 0
      for file in try FileManager.default.contentsOfDirectory(atPath: directory) {
        let text = try String(contentsOfFile: directory + "/" + file, encoding: .utf8)
        // What a server draws that has never been given a seed does not come again.
        let reset = text.split(separator: "\n").first { $0.hasPrefix("> ") && $0.contains(#""op":"reset""#) }
        guard reset?.contains(#""seed":"#) ?? true else { continue }
        try TranscriptPlayer.play(Transcript(text, name: file), with: [server])
        played += 1
      }
      #expect(played > 20)
    }
  }

  @Test("all bytes that are sent are in the file, whatever they are, and what is no reply is a comment")
  func bytes() throws {
    try Shell.withDirectory { directory in
      let path = directory + "/said.txt"
      let recorder = try TranscriptRecorder(path, command: ["my server", "--fast"]) { Issue.record("\($0)") }
      let pieces: [([UInt8], Int)] = [
        (Array("{\"id\":1}\n".utf8), 1), (Array("half ".utf8), 1), (Array("a line\n".utf8), 1),
        ([0xFF, 0x00, 0x0A], 1), (Array("x\u{2028}\"\\".utf8), 3), ([0x0A], 1), (Array("a\nb\n".utf8), 1),
      ]
      for (bytes, times) in pieces { bytes.withUnsafeBytes { recorder.sent($0, times: times) } }
      for line in [#"{"op":"log","text":"hm"}"#, #"{"id":1}"#] {
        Array(line.utf8).withUnsafeBytes { recorder.received($0) }
      }
      recorder.inputEnded()
      let transcript = try Transcript(try String(contentsOfFile: path, encoding: .utf8), name: "said.txt")
      #expect(transcript.command == ["my server", "--fast"])
      var sent: [UInt8] = []
      var replies: [JSONValue] = []
      for (_, action) in transcript.actions {
        switch action {
        case .send(let bytes, let times): sent += Array(repeatElement(bytes, count: times).joined())
        case .expect(let reply): replies.append(reply)
        case .endInput, .restart: break
        }
      }
      #expect(sent == pieces.flatMap { Array(repeatElement($0.0, count: $0.1).joined()) })
      #expect(replies == [.object([.init("id", .integer(1))])])
    }
  }
}
