import Foundation
import GymwireIO
import TestSupport
import Testing

/// What a run makes of servers that fail at random and are started anew.
@Suite("Servers that are started anew", .enabled(if: Misbehaving.isPossible), .timeLimit(.minutes(20)))
struct RestartTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"

  /// The words that put Fixtures/unreliable.py in front of a server.
  private func server(_ modes: String, every: Int, seed: Int, _ command: String = "cartpole-server") -> String {
    let fixture = repositoryRoot + "/Tests/ConformanceTests/Fixtures/unreliable.py"
    return "--env-cmd \"python3 '\(fixture)' log \(modes) \(every) \(seed) \(command)\""
  }

  private func lines(_ path: String) -> [String] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
  }

  /// The sum of a column of the metrics.
  private func sum(_ name: String, _ run: String) throws -> Double {
    try lines(run + "/metrics.jsonl").reduce(0) { try $0 + (numbers($1)[name] ?? 0) }
  }

  /// The numbers of an object in JSON.
  private func numbers(_ text: String) throws -> [String: Double] {
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return (object ?? [:]).compactMapValues { ($0 as? NSNumber)?.doubleValue }
  }

  @Test(
    "a server that dies, exits or babbles at random is no hindrance to learning CartPole: SPEC 6.13", arguments: [1, 2])
  func learning(seed: Int) throws {
    try Shell.withDirectory { directory in
      // Each restart opens five descriptors: if they leaked, the run would soon have none left.
      let (status, output) = try Shell.run(
        "ulimit -n 64; \(Self.agent) \(server("signal,exit,babble", every: 150, seed: seed)) --seed \(seed) "
          + "--restarts 1000 --restart-delay 0 --out run", in: directory)
      try #require(status == 0, "\(output)")
      let failures = lines(directory + "/log")
      #expect(failures.count > 8)
      #expect(failures.allSatisfy { $0.hasSuffix(" 0") }, "no process was left as a zombie: \(failures)")
      #expect(try sum("restarts", directory + "/run") == Double(failures.count))
      #expect(output.contains("\(failures.count) restarts of environment processes, which lost"), "\(output)")
      let (_, result) = try Shell.run(
        "\(Self.agent) eval --env-cmd cartpole-server --policy run/policy.json --json", in: directory)
      #expect(try numbers(result)["mean_return"] ?? 0 > 400, "\(result)")
    }
  }

  @Test("a server that hangs is given up after its time limit, and the run goes on")
  func hanging() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(Self.agent) \(server("hang", every: 60, seed: 1)) --epochs 2 --step-timeout 5 --restarts 5 --out run",
        in: directory)
      try #require(status == 0, "\(output)")
      let failures = lines(directory + "/log").count
      #expect(failures > 0)
      #expect(try sum("restarts", directory + "/run") == Double(failures))
      #expect(output.contains("did not answer within 5 s"), "\(output)")
    }
  }

  @Test("two runs with the same failures are the same, and one in which nothing fails does not depend on --restarts")
  func reproducible() throws {
    try Shell.withDirectory { directory in
      for run in ["a", "b"] {
        let (status, output) = try Shell.run(
          "rm -f log; \(Self.agent) \(server("exit", every: 20, seed: 4)) --epochs 3 --restarts 100 --restart-delay 0 "
            + "--restart-after 700 --out \(run)", in: directory)
        try #require(status == 0, "\(output)")
        #expect(lines(directory + "/log").count > 1)
      }
      for (run, options) in [("c", ""), ("d", "--restarts 3")] {
        let (status, _) = try Shell.run(
          "\(Self.agent) --env-cmd cartpole-server --epochs 3 \(options) --out \(run)", in: directory)
        try #require(status == 0)
      }
      for (one, other) in [("a", "b"), ("c", "d")] {
        #expect(
          FileManager.default.contentsEqual(
            atPath: "\(directory)/\(one)/policy.json", andPath: "\(directory)/\(other)/policy.json"), "\(one) \(other)")
      }
    }
  }

  @Test("one that fails more often than it may ends the run with the last failure")
  func tooOften() throws {
    try Shell.withDirectory { directory in
      for (restarts, options) in [(0, ""), (3, "--restarts 3 --restart-delay 0")] {
        let (status, output) = try Shell.run(
          "rm -f log; \(Self.agent) \(server("exit", every: 20, seed: 1)) \(options) --out run\(restarts)",
          in: directory)
        #expect(status == 1, "\(output)")
        #expect(lines(directory + "/log").count == restarts + 1)
        #expect(output.contains("exited with status 3 without an answer"), "\(output)")
        #expect(output.contains("was started anew 3 times and is not again") == (restarts == 3), "\(output)")
        #expect(FileManager.default.fileExists(atPath: "\(directory)/run\(restarts)/policy.json"))
      }
    }
  }

  @Test("one that is started anew and dies before it says hello is started anew once more")
  func withoutHello() throws {
    try Shell.withDirectory { directory in
      let fixture = repositoryRoot + "/Tests/ConformanceTests/Fixtures/unreliable.py"
      let command =
        "sh -c 'mkdir first 2> err && exec python3 \(fixture) log exit 20 1 cartpole-server; "
        + "mkdir second 2> err && exit 3; exec cartpole-server'"
      let (status, output) = try Shell.run(
        "\(Self.agent) --env-cmd \"\(command)\" --num-envs 2 --restarts 5 --restart-delay 0 --epochs 2 --out run",
        in: directory)
      try #require(status == 0, "\(output)")
      #expect(try sum("restarts", directory + "/run") == 2)
    }
  }

  @Test("a server that refuses what it is asked is not asked again")
  func refusal() throws {
    let words = [
      "sh", "-c",
      ScriptedServer(answers: [
        ScriptedServer.hello,
        #"{"id":1,"error":{"code":"bad_options","message":"no gravity here"}}"#,
      ]).command[2],
    ]
    var options = RemoteVectorEnvironment.Options(command: words)
    options.restarts.limit = 5
    let environment = try RemoteVectorEnvironment(options)
    defer { environment.close() }
    let error = try #require(throws: ConnectionError.self) { try environment.reset(seed: 1, options: [:]) }
    #expect("\(error)".contains("no gravity here") && environment.restartCount == 0)
  }

  @Test("an evaluation plays the episodes again in which the server failed, and says so")
  func evaluation() throws {
    let policy = try TrainedPolicy.cartPole.get()
    try Shell.withDirectory { directory in
      let words = "--policy '\(policy)' --episodes 8 --num-envs 4 --sampled --json"
      let (_, whole) = try Shell.run("\(Self.agent) eval --env-cmd cartpole-server \(words)", in: directory)
      let (status, output) = try Shell.run(
        "\(Self.agent) eval \(server("exit,signal", every: 700, seed: 2)) --restarts 50 --restart-delay 0 \(words) "
          + "2> err", in: directory)
      try #require(status == 0, "\(output)")
      let (one, other) = (try numbers(whole), try numbers(output))
      #expect(other["repeated_episodes"] ?? 0 >= 4 && one["repeated_episodes"] == 0, "\(output)")
      for name in ["mean_return", "std_return", "mean_length"] { #expect(one[name] == other[name], "\(name)") }
    }
  }

  @Test("a measurement goes on, and tells of it")
  func bench() throws {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "\(Self.agent) bench \(server("exit", every: 50, seed: 3)) --seconds 2 --restarts 10000 --restart-delay 0 "
          + "--json 2> err", in: directory)
      try #require(status == 0, "\(output)")
      let restarts = try numbers(output)["restarts"] ?? 0
      #expect(restarts > 0 && restarts == Double(lines(directory + "/log").count), "\(output)")
    }
  }

  @Test(
    "a server that leaks a megabyte a step is replaced between episodes, stays below a bound, and no failure is counted",
    arguments: [(1, 1), (2, 2), (4, 2)])
  func leaking(count: Int, processes: Int) throws {
    try Shell.withDirectory { directory in
      let leak = repositoryRoot + "/Tests/ConformanceTests/Fixtures/leaking.py"
      let (status, output) = try Shell.run(
        "\(Self.agent) --env-cmd \"python3 '\(leak)' log cartpole-server\" --num-envs \(count) "
          + "--env-procs \(processes) --steps-per-epoch 600 --epochs 2 --restart-after 100 --time-limit 30 --out run",
        in: directory)
      try #require(status == 0, "\(output)")
      let lives = lines(directory + "/log").map { $0.split(separator: " ").compactMap { Int($0) } }
      // An episode of each of its sub-environments may be under way when it has made its steps.
      let most = 100 + 30 * count / processes
      #expect(lives.reduce(0) { $0 + $1[0] } >= 1200 && lives.allSatisfy { $0[0] <= most }, "\(lives)")
      #expect(lives.allSatisfy { $0[1] < most + 50 }, "megabytes: \(lives)")
      #expect(try sum("restarts", directory + "/run") == 0)
      #expect((try sum("cut_episodes", directory + "/run") > 0) == (count > processes))
    }
  }

  @Test("a server whose episodes end because --time-limit says so is replaced as well")
  func limited() throws {
    try Shell.withDirectory { directory in
      let leak = repositoryRoot + "/Tests/ConformanceTests/Fixtures/leaking.py"
      // An episode of its own has 200 steps.
      let (status, output) = try Shell.run(
        "\(Self.agent) --env-cmd \"python3 '\(leak)' log classic-control-server --id Pendulum-v1\" --num-envs 3 "
          + "--steps-per-epoch 600 --epochs 2 --restart-after 90 --time-limit 20 --eval-interval 2 --out run",
        in: directory)
      try #require(status == 0, "\(output)")
      let steps = lines(directory + "/log").compactMap { Int($0.split(separator: " ")[0]) }
      // Those of the training alone: an evaluation of several sub-environments cuts none of their episodes.
      #expect(steps.filter { $0 <= 90 + 3 * 20 }.count >= 1200 / 150, "\(steps)")
      #expect(try sum("mean_length", directory + "/run") == 40)
    }
  }
}
