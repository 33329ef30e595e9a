import Foundation
import GymwireIO
import TestSupport
import Testing

/// Trainings whose sub-environments live in worker processes.
@Suite("A training with workers", .timeLimit(.minutes(20)))
struct WorkerRunTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private var unreliable: String { "\(repositoryRoot)/Tests/ConformanceTests/Fixtures/unreliable.py" }

  /// What a run leaves on the disk, without the readings of the clock.
  private struct Result: Equatable {
    var metrics: String
    var policy: Data

    init(_ directory: String) throws {
      metrics = try String(contentsOfFile: directory + "/metrics.jsonl", encoding: .utf8)
        .replacing(/,"seconds":[^}\n]*/, with: "")
      policy = try Data(contentsOf: URL(fileURLWithPath: directory + "/policy.json"))
    }
  }

  private func train(_ words: String, in directory: String, to output: String) throws -> Result {
    let (status, text) = try Shell.run("\(agent) train \(words) --out \(output)", in: directory)
    try #require(status == 0, "\(text)")
    return try Result("\(directory)/\(output)")
  }

  /// The processes whose command line has a word in it that only this test uses.
  private func processes(_ mark: String) -> [Int32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap(Int32.init).filter { process in
      let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
      return String(decoding: words, as: UTF8.self).contains(mark)
    }
  }

  /// A run of sac that learns from 24 steps at a time, and is over soon.
  private static let shortSAC =
    "sac --train-freq 24 --gradient-steps 2 --batch-size 32 --learning-starts 100 --steps-per-epoch 240"

  @Test("gives the same bytes with 1, 2 and 4 of them as with none", arguments: ["ppo", "reinforce", shortSAC])
  func sameBytes(algorithm: String) throws {
    try Shell.withDirectory { directory in
      let words = "--env-cmd cartpole-server --num-envs 6 --epochs 3 --seed 5 --algo \(algorithm)"
      let alone = try train(words, in: directory, to: "w0")
      for count in [1, 2, 4] {
        #expect(try train("\(words) --workers \(count)", in: directory, to: "w\(count)") == alone, "\(count) workers")
      }
    }
  }

  @Test("starts them by any command, with their numbers in it, and needs no environment of its own")
  func command() throws {
    try Shell.withDirectory { directory in
      let command = "sh -c 'echo {} >> numbers; exec pgagent work --env-cmd cartpole-server'"
      _ = try train("--workers 3 --worker-cmd \"\(command)\" --num-envs 6 --epochs 2", in: directory, to: "run")
      let numbers = try String(contentsOfFile: directory + "/numbers", encoding: .utf8).split(separator: "\n").sorted()
      #expect(numbers == ["0", "1", "2"])
      let (status, output) = try Shell.run(
        "\(agent) train --workers 1 --worker-cmd \"\(command)\" --eval-interval 1 --out other", in: directory)
      #expect(status != 0 && output.contains("give --env-cmd too"), "\(output)")
    }
  }

  @Test("replaces one that dies, reports each loss, and goes on: SPEC 21.13", .enabled(if: Misbehaving.isPossible))
  func replaced() throws {
    try Shell.withDirectory { directory in
      let command = "python3 '\(unreliable)' log signal,exit,babble 12 1 pgagent work --env-cmd cartpole-server"
      let (status, output) = try Shell.run(
        "\(agent) train --workers 2 --worker-cmd \"\(command)\" --worker-restarts 100 --epochs 60 --out run",
        in: directory)
      try #require(status == 0, "\(output)")
      let failures = try String(contentsOfFile: directory + "/log", encoding: .utf8).split(separator: "\n")
      #expect(failures.count > 4)
      #expect(output.matches(of: /Another takes its place/).count == failures.count, "\(output)")
      #expect(output.contains("\(failures.count) restart"), "\(output)")
      // Both can fail at one moment: then the second sees the first one's zombie, which the agent is about to collect.
      #expect(failures.allSatisfy { $0.hasSuffix(" 0") || $0.hasSuffix(" 1") }, "zombies pile up: \(failures)")
    }
  }

  @Test("replaces one whose successor dies before it has said a word: SPEC 21.13", .enabled(if: Misbehaving.isPossible))
  func failingStart() throws {
    try Shell.withDirectory { directory in
      let script = """
        echo >> starts
        if [ $(wc -l < starts) = 2 ]; then exit 3; fi
        exec python3 '\(unreliable)' log exit 8 1 pgagent work --env-cmd cartpole-server
        """
      try script.write(toFile: directory + "/worker.sh", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        "\(agent) train --workers 1 --worker-cmd 'sh worker.sh' --worker-restarts 100 --epochs 12 --out run",
        in: directory)
      try #require(status == 0, "\(output)")
      #expect(output.contains("exited with status 3 without an answer (phase: start-up"), "\(output)")
    }
  }

  @Test("gives up one that hangs after its time limit, and ends where no more may take its place: SPEC 21.13")
  func hanging() throws {
    try Shell.withDirectory { directory in
      let command = "python3 '\(unreliable)' log hang 8 1 pgagent work --env-cmd cartpole-server"
      let (status, output) = try Shell.run(
        "\(agent) train --workers 1 --worker-cmd \"\(command)\" --worker-timeout 4 --worker-restarts 1 --out run",
        in: directory)
      #expect(status == 1)
      #expect(output.contains("did not answer within 4 s (phase: work"), "\(output)")
      #expect(output.contains("--worker-restarts allows 1"), "\(output)")
      #expect(FileManager.default.fileExists(atPath: directory + "/run/policy.json"))
    }
  }

  @Test("counts the environments that a worker starts anew, and the steps that were lost: SPEC 21.10")
  func environmentRestarts() throws {
    try Shell.withDirectory { directory in
      let server = "python3 '\(unreliable)' log exit 150 1 cartpole-server"
      let (status, output) = try Shell.run(
        "\(agent) train --env-cmd \"\(server)\" --workers 2 --restarts 50 --restart-delay 0 --epochs 10 --out run",
        in: directory)
      try #require(status == 0, "\(output)")
      let failures = try String(contentsOfFile: directory + "/log", encoding: .utf8).split(separator: "\n").count
      #expect(failures > 1)
      let metrics = try String(contentsOfFile: directory + "/run/metrics.jsonl", encoding: .utf8)
      let told = metrics.matches(of: /"restarts":(\d+)/).compactMap { Int($0.output.1) }
      #expect(told.reduce(0, +) == failures)
    }
  }

  @Test("passes on why an environment cannot be gone on with: SPEC 21.11")
  func environmentFailure() throws {
    try Shell.withDirectory { directory in
      let server = "python3 '\(unreliable)' log exit 20 1 cartpole-server"
      let (status, output) = try Shell.run(
        "\(agent) train --env-cmd \"\(server)\" --workers 1 --out run", in: directory)
      #expect(status == 1)
      #expect(output.contains("env_error") && output.contains("exited with status 3 without an answer"), "\(output)")
    }
  }

  @Test("leaves no worker and no environment behind when it is killed, and is gone on with: SPEC 21.12")
  func killed() throws {
    try Shell.withDirectory { directory in
      // Each step sleeps, so that the workers are in the middle of a request.
      let slow = """
        import subprocess, sys, time
        pipe = subprocess.PIPE
        server = subprocess.Popen(["\(BuiltProgram.path("cartpole-server"))"], stdin=pipe, stdout=pipe)
        for line in sys.stdin.buffer:
            time.sleep(0.1 if b'"step"' in line else 0)
            server.stdin.write(line); server.stdin.flush()
            sys.stdout.buffer.write(server.stdout.readline()); sys.stdout.buffer.flush()
        """
      let mark = "slow-\(UUID().uuidString).py"
      try slow.write(toFile: "\(directory)/\(mark)", atomically: true, encoding: .utf8)
      let words = "--env-cmd 'python3 \(mark)' --workers 2 --num-envs 4"
      let run = try StartedCommand("\(agent) train \(words) --epochs 2 --out a", in: directory)
      #expect(run.holds(directory + "/a"), "\(run.output)")
      // The shell, the agent, two workers and two environments.
      #expect(eventually { processes(mark).count >= 4 })
      _ = try run.end(with: SIGKILL)
      #expect(eventually(within: 20) { processes(mark).isEmpty }, "\(processes(mark))")
    }
  }

  @Test(
    "goes on after kill -9 at random moments, with other workers and the same bytes", .timeLimit(.minutes(20)),
    arguments: ["--algo ppo --epochs 60", "--num-envs 6 --epochs 200 --algo \(shortSAC)"])
  func resumed(words options: String) throws {
    try Shell.withDirectory { directory in
      let command = "train --env-cmd cartpole-server --workers 2 --seed 3 \(options) --out a"
      var words = command
      for _ in 1...6 {
        let run = try StartedCommand("\(agent) \(words)", in: directory)
        #expect(run.holds(directory + "/a"), "\(run.output)")
        usleep(.random(in: 20_000...400_000))
        _ = try run.end(with: SIGKILL)
        words = "--resume a"
      }
      _ = try Shell.run("cp -r a b; cp -r a c", in: directory)
      for (name, extra) in [("a", ""), ("b", "--workers 1"), ("c", "--workers 0")] {
        let (status, output) = try Shell.run("\(agent) --resume \(name) \(extra)", in: directory)
        try #require(status == 0, "\(output)")
      }
      #expect(try Result(directory + "/a") == Result(directory + "/b"))
      #expect(try Result(directory + "/a") == Result(directory + "/c"))
    }
  }

  /// One column of a run's metrics.
  private func column(_ name: String, of run: String, in directory: String) throws -> [Double] {
    let text = try String(contentsOfFile: "\(directory)/\(run)/metrics.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(row?[name] as? Double, "\(name) in \(line)")
    }
  }

  @Test(
    "feeds a replay with steps of older policies, whose age it tells", arguments: ["--wait first:1", "--overlap on"])
  func ages(words: String) throws {
    try Shell.withDirectory { directory in
      _ = try train(
        "--env-cmd cartpole-server --workers 3 --num-envs 6 --epochs 5 \(words) --algo \(Self.shortSAC)",
        in: directory, to: "run")
      #expect(try column("policy_version", of: "run", in: directory) == [10, 20, 30, 40, 50])
      let ages = try column("staleness", of: "run", in: directory)
      // With overlap each worker acts by the policy before the update under way, but for the first steps of an epoch.
      let isRight = words == "--overlap on" ? ages == Array(repeating: 0.9, count: 5) : ages.allSatisfy { $0 >= 0 }
      #expect(isRight, "\(ages)")
    }
  }

  @Test("does not wait for a worker that hangs, whose place another takes", .enabled(if: Misbehaving.isPossible))
  func hangingAside() throws {
    try Shell.withDirectory { directory in
      let sleepy = "\(repositoryRoot)/Tests/ConformanceTests/Fixtures/sleepy.py"
      let script = """
        if [ $1 = 0 ] && mkdir bad 2> err; then
          exec python3 '\(unreliable)' log hang 20 1 pgagent work --env-cmd cartpole-server
        fi
        exec pgagent work --env-cmd "python3 '\(sleepy)' 5 cartpole-server"
        """
      try script.write(toFile: directory + "/worker.sh", atomically: true, encoding: .utf8)
      let (status, output) = try Shell.run(
        "\(agent) train --workers 3 --worker-cmd 'sh worker.sh {}' --worker-timeout 4 --worker-restarts 1 --wait first:1 "
          + "--num-envs 6 --epochs 24 --out run --algo \(Self.shortSAC)", in: directory)
      try #require(status == 0, "\(output)")
      #expect(output.contains("did not answer within 4 s (phase: work"), "\(output)")
      #expect(try column("restarts", of: "run", in: directory).reduce(0, +) == 1)
      #expect(try column("cut_episodes", of: "run", in: directory).reduce(0, +) > 0)
      let ends = try column("seconds", of: "run", in: directory)
      #expect(zip(ends, ends.dropFirst()).allSatisfy { $1 - $0 < 4 }, "an epoch has waited: \(ends)")
    }
  }

  @Test("replaces workers that die while others act on: SPEC 21.13", .enabled(if: Misbehaving.isPossible))
  func replacedAside() throws {
    try Shell.withDirectory { directory in
      let command = "python3 '\(unreliable)' log signal,exit,babble 25 1 pgagent work --env-cmd cartpole-server"
      let (status, output) = try Shell.run(
        "\(agent) train --workers 2 --worker-cmd \"\(command)\" --worker-restarts 100 --wait first:1 --overlap on "
          + "--num-envs 6 --epochs 12 --out run --algo \(Self.shortSAC)", in: directory)
      try #require(status == 0, "\(output)")
      let failures = try String(contentsOfFile: directory + "/log", encoding: .utf8).split(separator: "\n").count
      let losses = output.matches(of: /Another takes its place/).count
      // What is still under way at the end is not asked for any more.
      #expect(failures > 3 && (failures - 2...failures).contains(losses), "\(failures): \(output)")
    }
  }

  /// The mean return of the greedy policy over a few episodes.
  private func meanReturn(of run: String, in directory: String) throws -> Double {
    let (_, output) = try Shell.run(
      "\(agent) eval --env-cmd cartpole-server --policy \(run)/policy.json --episodes 10 --json", in: directory)
    let match = try #require(output.firstMatch(of: /"mean_return":([0-9.]+)/), "\(output)")
    return try #require(Double(match.output.1))
  }

  @Test(
    "learns by the gradients of workers and of threads: SPEC 21.14, 21.15, 21.16",
    arguments: [
      "--algo a3c --workers 2", "--algo a3c --threads 2", "--algo dppo --workers 2",
      "--algo dppo --threads 3 --late-workers 1",
      "--algo dppo --workers 2 --form clip",
    ])
  func gradients(words: String) throws {
    try Shell.withDirectory { directory in
      _ = try train("--env-cmd cartpole-server --seed 1 --epochs 30 \(words)", in: directory, to: "run")
      #expect(try meanReturn(of: "run", in: directory) > 60, "\(words)")
    }
  }

  @Test("counts the steps that its updates were made by, be the late worker slow or not", arguments: [0, 30])
  func lateSteps(milliseconds: Int) throws {
    try Shell.withDirectory { directory in
      let sleepy = "\(repositoryRoot)/Tests/ConformanceTests/Fixtures/sleepy.py"
      let script = """
        if [ $1 = 1 ]; then
          exec pgagent work --env-cmd "python3 '\(sleepy)' \(milliseconds) cartpole-server"
        fi
        exec pgagent work --env-cmd cartpole-server
        """
      try script.write(toFile: directory + "/worker.sh", atomically: true, encoding: .utf8)
      _ = try train(
        "--workers 3 --worker-cmd 'sh worker.sh {}' --algo dppo --late-workers 1 --num-envs 3 --epochs 4 "
          + "--steps-per-epoch 240", in: directory, to: "run")
      #expect(try column("steps", of: "run", in: directory) == [160, 320, 480, 640])
    }
  }

  @Test("gives the same bytes twice where all gradients are waited for")
  func synchronousGradients() throws {
    try Shell.withDirectory { directory in
      let words = "--env-cmd cartpole-server --algo dppo --workers 2 --epochs 3"
      let first = try train(words, in: directory, to: "a")
      #expect(try train(words, in: directory, to: "b") == first)
    }
  }

  @Test("replaces a worker that dies over its gradients: SPEC 21.13", .enabled(if: Misbehaving.isPossible))
  func replacedGradients() throws {
    try Shell.withDirectory { directory in
      for (algorithm, every) in [("a3c", 12), ("dppo", 150)] {
        let command = "python3 '\(unreliable)' log signal,exit \(every) 1 pgagent work --env-cmd cartpole-server"
        let (status, output) = try Shell.run(
          "rm -f log; \(agent) train --algo \(algorithm) --workers 2 --worker-cmd \"\(command)\" --worker-restarts 100 "
            + "--epochs 6 --out \(algorithm)", in: directory)
        try #require(status == 0, "\(output)")
        let failures = try String(contentsOfFile: directory + "/log", encoding: .utf8).split(separator: "\n")
        #expect(failures.count > 1)
        #expect(output.matches(of: /Another takes its place/).count == failures.count, "\(output)")
      }
    }
  }
}
