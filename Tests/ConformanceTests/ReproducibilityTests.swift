import Foundation
import GymwireIO
import Testing

/// The same seed gives the same bytes: twice, in several processes, at any speed; and so does the same checkpoint.
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
    "can be gone on with after kill -9 at random moments, and each run that goes on from there ends with the same bytes",
    .timeLimit(.minutes(20)))
  func killed() throws {
    try Shell.withDirectory { directory in
      let command = "--env-cmd cartpole-server --seed 3 --epochs 600 --eval-interval 200 --eval-episodes 16 --out a"
      var words = command
      for _ in 1...20 {
        let run = try StartedCommand("\(agent) \(words)", in: directory)
        usleep(.random(in: 20_000...250_000))
        _ = try run.end(with: SIGKILL)
        if FileManager.default.fileExists(atPath: directory + "/a/checkpoint.json") {
          words = "--resume a"
        } else {
          _ = try Shell.run("rm -rf a", in: directory)
        }
      }
      if words == command { _ = try stop(words, in: directory) }
      _ = try Shell.run("cp -r a b", in: directory)
      let first = try train("--resume a", in: directory, to: "a")
      #expect(try train("--resume b", in: directory, to: "b") == first)
      let epochs = try first.metrics.map { try #require($0.firstMatch(of: /"epoch":(\d+)/)).output.1 }
      #expect(epochs.compactMap { Int($0) } == Array(1...600))
    }
  }

  @Test("writes the policy while it goes on, so that it can be served after kill -9", .timeLimit(.minutes(20)))
  func policyOfKilledRun() throws {
    try Shell.withDirectory { directory in
      let run = try StartedCommand("\(agent) --env-cmd cartpole-server --epochs 1e6 --out a", in: directory)
      #expect(eventually(within: 60) { FileManager.default.fileExists(atPath: directory + "/a/policy.json") })
      _ = try run.end(with: SIGKILL)
      let (status, output) = try Shell.run(
        "\(agent) eval --env-cmd cartpole-server --policy a/policy.json --episodes 1", in: directory)
      #expect(status == 0, "\(output)")
    }
  }

  @Test("that is stopped before its first epoch is over is gone on with where the sentence says so")
  func earlyStop() throws {
    try Shell.withDirectory { directory in
      let run = "--env-cmd cartpole-server --steps-per-epoch 4e6 --epochs 20 --hidden none --out a"
      for words in [run, "--resume a"] {
        let (status, output) = try stop(words, in: directory)
        #expect(status == .status(128 + SIGINT) && output.contains("go on with --resume a"), "\(words): \(output)")
      }
    }
  }

  @Test("has the same episodes with and without checkpoints, however long they are", .timeLimit(.minutes(20)))
  func longEpisodes() throws {
    try Shell.withDirectory { directory in
      // 400 steps, of which only the last one is paid for: what ends, and what is earned, can be counted.
      let late = """
        import json, sys
        for line in sys.stdin:
            request = json.loads(line)
            reply = {"id": request["id"]}
            if request["op"] == "hello":
                reply |= {"version": 1, "role": "env", "obs_space": {"type": "Box", "shape": [1], "dtype": "float32",
                          "low": 0, "high": 1}, "action_space": {"type": "Discrete", "n": 2}}
            elif request["op"] == "reset":
                steps = 0
                reply |= {"obs": [0]}
            elif request["op"] == "step":
                steps += 1
                reply |= {"obs": [steps / 400], "reward": steps == 400, "terminated": steps == 400, "truncated": False}
                reply["reward"] = int(reply["reward"])
            print(json.dumps(reply), flush=True)
        """
      try late.write(toFile: directory + "/late.py", atomically: true, encoding: .utf8)
      for (algorithm, settings) in [("a2c", "--epochs 100"), ("actor-critic", "--steps-per-epoch 100 --epochs 80")] {
        let name = "run-\(algorithm)"
        let (status, output) = try Shell.run(
          "\(agent) --env-cmd 'python3 late.py' --num-envs 1 --algo \(algorithm) \(settings) --out \(name)",
          in: directory)
        try #require(status == 0, "\(output)")
        let rows = try String(contentsOfFile: "\(directory)/\(name)/metrics.jsonl", encoding: .utf8).split(
          separator: "\n"
        )
        .map { try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
        func column(_ name: String) -> [Double] { rows.map { ($0[name] as? NSNumber)?.doubleValue ?? .nan } }
        let ended = try (#require(column("steps").last) / 400).rounded(.down)
        #expect(ended > 10)
        #expect(column("episodes").reduce(0, +) == ended && column("reward_sum").reduce(0, +) == ended)
        #expect(column("cut_episodes").reduce(0, +) == 0)
      }
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

  /// Interrupts the run when it has its directory and a checkpoint.
  private func stop(_ words: String, in directory: String) throws -> (status: ChildProcess.Exit, output: String) {
    let run = try StartedCommand("\(agent) \(words)", in: directory)
    #expect(run.holds(directory + "/a"), "\(run.output)")
    return try run.end(with: SIGINT)
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
