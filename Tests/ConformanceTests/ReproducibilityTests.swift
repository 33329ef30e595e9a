import Foundation
import Testing

/// The same seed gives the same bytes: twice, in several processes, at any speed, and after any interruption.
@Suite("A run with one seed")
struct ReproducibilityTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let run = "--seed 7 --epochs 40 --steps-per-epoch 960"

  @Test("gives the same metrics and the same policy twice")
  func twice() throws {
    try Shell.withDirectory { directory in
      let first = try train("--env-cmd cartpole-server \(run) --out a", in: directory, to: "a")
      let second = try train("--env-cmd cartpole-server \(run) --out b", in: directory, to: "b")
      #expect(first == second)
    }
  }

  @Test("and another one differ")
  func otherSeed() throws {
    try Shell.withDirectory { directory in
      let first = try train("--env-cmd cartpole-server --seed 1 --epochs 5 --out a", in: directory, to: "a")
      let second = try train("--env-cmd cartpole-server --seed 2 --epochs 5 --out b", in: directory, to: "b")
      #expect(first.policy != second.policy)
    }
  }

  @Test("gives the same bytes with one process and with four, each of them delayed at random")
  func processes() throws {
    try Shell.withDirectory { directory in
      // A relay between pgagent and the server that waits now and then, differently in each process and each run.
      let relay = """
        import random, subprocess, sys, threading, time
        server = subprocess.Popen(["\(BuiltProgram.path("cartpole-server"))"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        time.sleep(random.random() / 5)
        for line in sys.stdin.buffer:
            if random.random() < 0.02: time.sleep(random.random() / 100)
            server.stdin.write(line); server.stdin.flush()
            sys.stdout.buffer.write(server.stdout.readline()); sys.stdout.buffer.flush()
        """
      try relay.write(toFile: directory + "/relay.py", atomically: true, encoding: .utf8)
      let one = try train("--env-cmd cartpole-server \(run) --num-envs 8 --out a", in: directory, to: "a")
      let four = try train(
        "--env-cmd 'python3 relay.py' \(run) --num-envs 8 --env-procs 4 --out b", in: directory, to: "b")
      #expect(one == four)
    }
  }

  @Test(
    "ends the same after it has been killed at twenty random moments and resumed each time", .timeLimit(.minutes(5)))
  func killed() throws {
    try Shell.withDirectory { directory in
      let command = "--env-cmd cartpole-server --seed 3 --epochs 600 --eval-interval 200 --eval-episodes 16"
      let whole = try train("\(command) --out a", in: directory, to: "a")
      var words = "\(command) --out b"
      for kill in 1...20 {
        let moment = Double.random(in: 0.02...0.25)
        _ = try Shell.run("timeout -s KILL \(moment) \(agent) \(words)", in: directory)
        let hasBegun = FileManager.default.fileExists(atPath: directory + "/b/config.json")
        #expect(hasBegun || kill < 20)
        if hasBegun { words = "--resume b" }
      }
      let resumed = try train(words, in: directory, to: "b")
      #expect(whole == resumed)
    }
  }

  @Test("refuses a checkpoint that was cut off, with a sentence that says so")
  func damaged() throws {
    try Shell.withDirectory { directory in
      _ = try train("--env-cmd cartpole-server --epochs 40 --out a", in: directory, to: "a")
      let path = directory + "/a/checkpoint.json"
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: path))
      let (status, output) = try Shell.run("\(agent) --resume a", in: directory)
      #expect(status == 1)
      #expect(output.contains("checkpoint cannot be used"), "\(output)")
    }
  }

  /// What a run leaves on the disk, without the readings of the clock.
  private struct Result: Equatable {
    var metrics: [String]
    var policy: Data
  }

  private func train(_ words: String, in directory: String, to output: String) throws -> Result {
    let (status, text) = try Shell.run("\(agent) \(words)", in: directory)
    try #require(status == 0, "\(text)")
    let lines = try String(contentsOfFile: "\(directory)/\(output)/metrics.jsonl", encoding: .utf8)
      .split(separator: "\n").map { String($0.prefix { $0 != "\n" }).replacing(/,"seconds":[^}]*/, with: "") }
    try #require(!lines.isEmpty)
    return Result(
      metrics: lines, policy: try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(output)/policy.json")))
  }
}
