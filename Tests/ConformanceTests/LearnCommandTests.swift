import Environments
import Foundation
import GymwireIO
import JSONLines
import PolicyGradients
import Testing

/// `pgagent learn` as it was built, and what it leaves on the disk.
@Suite("pgagent learn")
struct LearnCommandTests {
  /// Six epochs of five episodes.
  private static let settings = [
    "--algo", "vpg", "--seed", "3", "--epochs", "6", "--steps-per-epoch", "50", "--min-horizon", "1", "--hidden", "8",
  ]

  private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  /// The metrics without the readings of the clock.
  private func metrics(_ path: String) throws -> String {
    try String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8).replacing(/,"seconds":[^}]*/, with: "")
  }

  @Test("a run is a directory like that of train, and learns what its driver shows: SPEC 17.12")
  func run() throws {
    try Shell.withDirectory { directory in
      let learner = try LearnerProcess(["--algo", "vpg", "--seed", "1", "--out", directory + "/run"])
      try learner.play(0..<500)
      #expect(try learner.play(0..<50).meanReturn > 9)
      #expect(try learner.close() == .status(0))
      for name in ["config.json", "metrics.jsonl", "metrics.csv", "checkpoint.json", "policy.json"] {
        #expect(FileManager.default.fileExists(atPath: "\(directory)/run/\(name)"), "\(name)")
      }
      let policy = try PolicyFile.decode(bytes(directory + "/run/policy.json"))
      #expect(policy.actionSpace == .discrete(Discrete(2)))
      let lines = try metrics(directory + "/run").split(separator: "\n")
      #expect(lines.count == 11 && lines[0].contains(#""episodes":50"#), "500 steps are an epoch")
    }
  }

  @Test("SPEC 17.12: the end of its input and Ctrl-C save what was learned, also with sessions open")
  func endOfInput() throws {
    try Shell.withDirectory { directory in
      for isSignal in [false, true] {
        let run = "\(directory)/\(isSignal)"
        let learner = try LearnerProcess(Self.settings + ["--out", run])
        let version = try learner.play(0..<10).version
        #expect(version == 2)
        _ = try learner.reply(#"{"id":1,"op":"begin","session":"open"}"#)
        _ = try learner.reply(#"{"id":2,"op":"act","session":"open","obs":[1]}"#)
        let process = try #require(learner.connection.process)
        if isSignal {
          kill(process.processIdentifier, SIGINT)
        } else {
          process.closeInput()
        }
        #expect(process.exit(within: .seconds(20)) == .status(isSignal ? 128 + SIGINT : 0))
        _ = try PolicyFile.decode(bytes(run + "/policy.json"))
        let again = try LearnerProcess(["--resume", run], spaces: false)
        #expect(try again.reply(#"{"id":1,"op":"act","obs":[1]}"#)["policy_version"] == .integer(version))
      }
    }
  }

  @Test("SPEC 17.12: SIGTERM in the middle of a long update ends it, and saves what was learned before")
  func interruptedUpdate() throws {
    try Shell.withDirectory { directory in
      let run = directory + "/run"
      // An update of minutes.
      let learner = try LearnerProcess([
        "--steps-per-epoch", "200", "--min-horizon", "1", "--hidden", "256,256", "--train-v-iters", "10000", "--out",
        run,
      ])
      try learner.play(0..<19)
      _ = try learner.reply(#"{"id":1,"op":"begin","session":"s"}"#)
      for step in 0..<10 {
        _ = try learner.reply(#"{"id":2,"op":"act","session":"s"\#(step > 0 ? #","reward":1"# : ""),"obs":[1]}"#)
      }
      try learner.send(
        #"{"id":3,"op":"end","session":"s","reward":1,"terminated":false,"truncated":true,"obs":[0]}"#)
      usleep(500_000)
      let process = try #require(learner.connection.process)
      #expect(process.exit() == nil)
      let start = ContinuousClock.now
      kill(process.processIdentifier, SIGTERM)
      #expect(process.exit(within: .seconds(60)) == .status(128 + SIGTERM))
      // Two seconds are what is promised, and the rest is for a busy machine.
      #expect(start.duration(to: .now) < .seconds(10))
      let again = try LearnerProcess(["--resume", run], spaces: false)
      #expect(try again.reply(#"{"id":1,"op":"act","obs":[1]}"#)["policy_version"] == .integer(0))
    }
  }

  @Test("a run in two parts ends with the bytes of one in one part")
  func resume() throws {
    try Shell.withDirectory { directory in
      let whole = try LearnerProcess(Self.settings + ["--out", directory + "/whole"])
      try whole.play(0..<40)
      #expect(try whole.close() == .status(0))
      let first = try LearnerProcess(Self.settings + ["--out", directory + "/parts"])
      try first.play(0..<15)
      #expect(try first.close() == .status(0))
      let second = try LearnerProcess(["--resume", directory + "/parts"])
      #expect(try second.play(15..<40).version == 6, "after six epochs it learns no more")
      #expect(try second.close() == .status(0))
      for name in ["policy.json", "checkpoint.json"] {
        #expect(try bytes("\(directory)/whole/\(name)") == bytes("\(directory)/parts/\(name)"))
      }
      #expect(try metrics(directory + "/whole") == metrics(directory + "/parts"))
    }
  }

  @Test(
    "it goes on after kill -9 from what was last saved, and its files agree with each other", .timeLimit(.minutes(20)))
  func killed() throws {
    try Shell.withDirectory { directory in
      var arguments = ["--steps-per-epoch", "50", "--min-horizon", "1", "--out", directory + "/run"]
      var version: Int64 = 0
      for round in 0..<6 {
        let learner = try LearnerProcess(arguments)
        arguments = ["--resume", directory + "/run"]
        guard case .integer(let found)? = try learner.reply(#"{"id":1,"op":"act","obs":[1]}"#)["policy_version"]
        else { throw LearnerProcess.NoVersion() }
        // What came after the last save may have been kept, and what came before it has.
        #expect((version...version + 1).contains(found), "round \(round)")
        version = try learner.play(0..<Int.random(in: 5...60)).version
        _ = try learner.reply(#"{"id":1,"op":"save"}"#)
        try learner.play(0..<Int.random(in: 0...4))
        kill(try #require(learner.connection.process).processIdentifier, SIGKILL)
        _ = learner.connection.process?.exit(within: .seconds(20))
        let epochs = try metrics(directory + "/run").split(separator: "\n").count
        #expect(epochs >= Int(version))
        _ = try PolicyFile.decode(bytes(directory + "/run/policy.json"))
      }
      let last = try LearnerProcess(arguments)
      try last.play(0..<20)
      #expect(try last.close() == .status(0))
    }
  }

  @Test("SPEC 16.3: a run that is gone on with has its spaces, and refuses others")
  func otherSpaces() throws {
    try Shell.withDirectory { directory in
      let first = try LearnerProcess(Self.settings + ["--out", directory + "/run"])
      try first.play(0..<5)
      #expect(try first.close() == .status(0))
      let hello =
        #"{"id":0,"op":"hello","versions":[1],"want":{"obs_space":{"type":"Box","shape":[2],"low":-1,"high":1}}}"#
      let agent = "'\(BuiltProgram.path("pgagent"))'"
      let (status, output) = try Shell.run("echo '\(hello)' | \(agent) learn --resume run", in: directory)
      #expect(status == 0 && output.contains("unsupported_space"), "\(output)")
      let irregular = hello.replacing(
        #"{"type":"Box","shape":[2],"low":-1,"high":1}"#, with: #"{"type":"Text","max_length":3}"#
      )
      .replacing("}}}", with: #"},"action_space":{"type":"Discrete","n":2}}}"#)
      let (_, other) = try Shell.run("echo '\(irregular)' | \(agent) learn --out text", in: directory)
      #expect(other.contains("unsupported_space") && other.contains("Text"), "\(other)")
      #expect(!FileManager.default.fileExists(atPath: directory + "/text"), "a run that never began leaves nothing")
    }
  }

  @Test("a run can begin with a policy, whose spaces and architecture it takes: SPEC 16.3")
  func policyFile() throws {
    try Shell.withDirectory { directory in
      let first = try LearnerProcess([
        "--seed", "1", "--hidden", "12", "--pi-lr", "0.05", "--out", directory + "/first",
      ])
      try first.play(0..<500)
      #expect(try first.close() == .status(0))
      let file = directory + "/first/policy.json"
      let second = try LearnerProcess(["--policy", file, "--out", directory + "/second"], spaces: false)
      #expect(try bytes(directory + "/second/checkpoint.json").count > 100, "it is there before anything is learned")
      #expect(try second.play(0..<20).meanReturn > 8, "of 10, where chance has 5")
      #expect(try second.close() == .status(0))
      let agent = "'\(BuiltProgram.path("pgagent"))'"
      let (status, output) = try Shell.run("\(agent) learn --policy first/policy.json --hidden 3", in: directory)
      #expect(status == 2 && output.contains("--hidden cannot be given with --policy"), "\(output)")
    }
  }

  @Test("a directory that holds a run, and settings that would change one, are refused in a sentence")
  func usage() throws {
    try Shell.withDirectory { directory in
      let agent = "'\(BuiltProgram.path("pgagent"))'"
      let first = try LearnerProcess(Self.settings + ["--out", directory + "/run"])
      #expect(try first.close() == .status(0))
      let cases = [
        ("--out run", "holds a run already"), ("--resume run --gamma 0.5", "--gamma cannot be changed"),
        ("--resume run --out other", "--out cannot be changed"),
        ("--resume nowhere", "--resume nowhere is not a run; give"),
        ("--reset-each-epoch on", "reset-each-epoch"),
      ]
      for (words, sentence) in cases {
        let (status, output) = try Shell.run("\(agent) learn \(words)", in: directory)
        #expect(status == 2 && output.contains(sentence), "\(words): \(status) \(output)")
      }
      let (status, output) = try Shell.run("\(agent) --resume run", in: directory)
      #expect(status == 2 && output.contains("pgagent learn"), "\(output)")
    }
  }

  @Test("SPEC 17.14: numbers that run away end the conversation, and what was learned before stays")
  func divergence() throws {
    try Shell.withDirectory { directory in
      let learner = try LearnerProcess(Self.settings + ["--out", directory + "/run"])
      #expect(try learner.play(0..<5).version == 1)
      _ = try learner.reply(#"{"id":1,"op":"begin","session":"a"}"#)
      for step in 0..<60 {
        let reward = step > 0 ? #","reward":\#(step % 2 == 0 ? "" : "-")3e38"# : ""
        _ = try learner.reply(#"{"id":2,"op":"act","session":"a"\#(reward),"obs":[1]}"#)
      }
      let reply = try learner.reply(
        #"{"id":3,"op":"end","session":"a","reward":3e38,"terminated":true,"truncated":false,"obs":[1]}"#)
      #expect(reply["error"]?["code"] == .string("internal") && reply["error"]?["fatal"] == .boolean(true))
      #expect(try #require(learner.connection.process).exit(within: .seconds(20)) == .status(1))
      _ = try PolicyFile.decode(bytes(directory + "/run/policy.json"))
    }
  }

  @Test("it survives every line, and goes on with the next good one: SPEC 7.10", .timeLimit(.minutes(20)))
  func hostileLines() throws {
    try Shell.withDirectory { directory in
      let learner = try LearnerProcess(Self.settings + ["--out", directory + "/run"])
      let good = [
        #"{"id":1,"op":"begin","session":"h"}"#, #"{"id":2,"op":"act","session":"h","obs":[1]}"#,
        #"{"id":3,"op":"act","session":"h","reward":1,"obs":[0.5]}"#, #"{"id":4,"op":"abandon","session":"h"}"#,
        #"{"id":5,"op":"log_action","session":"h","reward":1,"obs":[0.5],"action":1}"#, #"{"id":6,"op":"save"}"#,
        #"{"id":7,"op":"end","session":"h","reward":1,"terminated":true,"truncated":false,"obs":[0.5]}"#,
      ]
      var generator = PCG64(seed: 11)
      for _ in 0..<20_000 {
        var line = Array(good[Int(generator.uniform() * 7)].utf8)
        for _ in 0..<Int(generator.uniform() * 4) {
          let place = Int(generator.uniform() * Double(line.count))
          switch Int(generator.uniform() * 3) {
          case 0: line[place] = UInt8(32 + generator.uniform() * 95)
          case 1: line.remove(at: place)
          default: line.removeSubrange(place...)
          }
          if line.isEmpty { line = [0x7B] }
        }
        let text = String(decoding: line, as: UTF8.self)
        // A blank line gets no reply, and this one must not end the conversation.
        guard !text.allSatisfy({ $0 == " " }), !text.contains(#""close""#) else { continue }
        let reply = try learner.reply(text)
        #expect(reply["error"] != nil || reply["id"] != nil, "\(text)")
        #expect(reply["error"]?["fatal"] != .boolean(true), "\(text) got \(reply.text)")
      }
      _ = try learner.reply(#"{"id":8,"op":"abandon","session":"s"}"#)
      try learner.play(0..<5)
      #expect(try learner.close() == .status(0))
    }
  }
}
