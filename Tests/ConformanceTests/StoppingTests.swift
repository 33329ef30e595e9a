import Foundation
import GymwireIO
import Testing

/// A signal ends every command within a moment, and a shell can tell from its status that it was a signal.
@Suite("Every command that is stopped by a signal", .enabled(if: Misbehaving.isPossible))
struct StoppingTests {
  /// Whether the command exits with 128 and the signal's number long before any of its time limits.
  private func stop(_ words: [String], after milliseconds: UInt32 = 1500, in directory: String) throws -> ChildProcess {
    let command = [BuiltProgram.path("pgagent")] + words
    let agent = try ChildProcess(command: ["sh", "-c", "cd '\(directory)' && exec \"$0\" \"$@\""] + command)
    #expect(eventually(within: 60) { Self.catches(SIGTERM, agent.processIdentifier) })
    usleep(milliseconds * 1000)
    #expect(agent.exit() == nil, "\(words) was not waiting: \(agent.lastErrorLines())")
    let start = ContinuousClock.now
    kill(agent.processIdentifier, SIGTERM)
    #expect(agent.exit(within: .seconds(30)) == .status(128 + SIGTERM), "\(words): \(agent.lastErrorLines())")
    // Two seconds are what is promised, and the rest is for a busy machine.
    #expect(start.duration(to: .now) < .seconds(6), "\(words)")
    return agent
  }

  /// Whether the process has come to handle the signal; before that it is a shell, or a program that has just begun.
  private static func catches(_ signal: Int32, _ process: Int32) -> Bool {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let mask = status.firstMatch(of: /SigCgt:\s*([0-9a-f]+)/).flatMap({ UInt64($0.output.1, radix: 16) })
    else { return false }
    return mask & (1 << UInt64(signal - 1)) != 0
  }

  @Test("while it waits for a server that hangs", arguments: ["train", "eval", "bench", "check", "replay"])
  func hangingServer(command: String) throws {
    try Shell.withDirectory { directory in
      let server = try Misbehaving(
        ["check", "replay"].contains(command) ? "hangs-in-hello" : "hangs-in-step", atStep: 1)
      let environment = ["--env-cmd", ShellWords.quote(server.command)]
      let words =
        switch command {
        case "train": ["train", "--out", "run"] + environment
        case "eval": ["eval", "--policy-cmd", "python3 policy.py"] + environment
        case "bench": ["bench"] + environment
        case "check": ["check", "--start-timeout", "60"] + environment
        default: ["replay", "said.txt"] + environment
        }
      try Self.policy.write(toFile: directory + "/policy.py", atomically: true, encoding: .utf8)
      let said = "> {\"id\":0,\"op\":\"hello\",\"versions\":[1]}\n< {\"id\":0}\n"
      try said.write(toFile: directory + "/said.txt", atomically: true, encoding: .utf8)
      _ = try stop(words, in: directory)
      #expect(server.isGone())
    }
  }

  @Test(
    "while a server babbles without end",
    arguments: ["yes ''", "yes '   '", "yes noise", #"yes '{"op":"log","text":"x"}'"#])
  func babblingServer(babble: String) throws {
    try Shell.withDirectory { directory in
      try babble.write(toFile: directory + "/babble.sh", atomically: true, encoding: .utf8)
      _ = try stop(["train", "--out", "run", "--env-cmd", "sh babble.sh"], in: directory)
    }
  }

  @Test("while it waits for a request", arguments: [["learn"], ["serve"]])
  func waitingServer(words: [String]) throws {
    let policy = try TrainedPolicy.cartPole.get()
    try Shell.withDirectory { directory in
      _ = try stop(words + (words == ["serve"] ? [policy] : ["--out", "run"]), in: directory)
    }
  }

  @Test("in the middle of a long update of an off-policy algorithm, whose steps it keeps", arguments: ["acer", "sac"])
  func longUpdate(algorithm: String) throws {
    try Shell.withDirectory { directory in
      try Self.counting.write(toFile: directory + "/counting.py", atomically: true, encoding: .utf8)
      let length = algorithm == "acer" ? "--trajectory-length 200 --replay-ratio 100" : "--train-freq 200"
      let steps = algorithm == "acer" ? "" : "--gradient-steps 100000 --learning-starts 100"
      let agent = try ChildProcess(command: [
        "sh", "-c",
        "cd '\(directory)' && exec '\(BuiltProgram.path("pgagent"))' --env-cmd 'python3 counting.py' --num-envs 1 --out run "
          + "--algo \(algorithm) --batch-size 2 --hidden 256,256 --steps-per-epoch 200 \(length) \(steps)",
      ])
      #expect(eventually(within: 120) { FileManager.default.fileExists(atPath: directory + "/200") })
      let start = ContinuousClock.now
      kill(agent.processIdentifier, SIGTERM)
      #expect(agent.exit(within: .seconds(60)) == .status(128 + SIGTERM), "\(agent.lastErrorLines())")
      // Two seconds are what is promised, and the rest is for a busy machine.
      #expect(start.duration(to: .now) < .seconds(6))
      let said = agent.lastErrorLines().joined(separator: "\n")
      #expect(said.contains("stopped by SIGTERM after 200 steps"), "\(said)")
    }
  }

  @Test("a check tells what it found and how much is missing, and not each check that it did not make")
  func check() throws {
    try Shell.withDirectory { directory in
      let check = try StartedCommand(
        "'\(BuiltProgram.path("pgagent"))' check --env-cmd cartpole-server --leak-steps 100000000", in: directory)
      // The check of memory, which would go on for hours.
      #expect(eventually(within: 120) { check.output.contains("  ok    ") })
      let (status, output) = try check.end(with: SIGINT)
      #expect(status == .status(128 + SIGINT), "\(output)")
      #expect(output.contains(/\d+ more checks were not made: stopped by SIGINT\n$/), "\(output)")
      let lines = output.split(separator: "\n").filter { $0.hasPrefix("  ") }
      #expect(lines.allSatisfy { $0.hasPrefix("  ok") || $0.hasPrefix("  -") }, "\(output)")
    }
  }

  @Test("the benchmarks take along the programs of others that they measure", arguments: [SIGINT, SIGTERM])
  func benchmarks(signal: Int32) throws {
    try Shell.withDirectory { directory in
      let bin = directory + "/.build/benchmarks/python/bin"
      try FileManager.default.createDirectory(atPath: bin, withIntermediateDirectories: true)
      // A Python that does not look at its input, and would outlive the benchmarks by an hour.
      let python =
        "#!/bin/sh\necho $$ > '\(directory)/new' && mv '\(directory)/new' '\(directory)/pid'\nexec sleep 3600\n"
      #expect(
        FileManager.default.createFile(
          atPath: bin + "/python", contents: Data(python.utf8), attributes: [.posixPermissions: 0o755]))
      let benchmarks = try StartedCommand(
        "'\(BuiltProgram.path("benchmarks"))' training --rounds 1 --out '\(directory)/out'", in: directory)
      #expect(
        eventually(within: 120) { FileManager.default.fileExists(atPath: directory + "/pid") }, "\(benchmarks.output)")
      let text = try String(contentsOfFile: directory + "/pid", encoding: .utf8)
      let peer = try #require(Int32(text.dropLast()))
      #expect(kill(peer, 0) == 0)
      let (status, output) = try benchmarks.end(with: signal)
      #expect(status == .status(128 + signal), "\(output)")
      // Its parent is gone, so that it is gone too once somebody has taken note of its end.
      #expect(eventually(within: 60) { kill(peer, 0) != 0 || Self.isZombie(peer) })
    }
  }

  private static func isZombie(_ process: Int32) -> Bool {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    return status?.contains("State:\tZ") ?? true
  }

  /// An environment that leaves a file in its directory when it has answered 200 steps.
  private static let counting = """
    import json, sys
    steps = 0
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"id": request["id"]}
        if request["op"] == "hello":
            reply |= {"version": 1, "role": "env", "obs_space": {"type": "Box", "shape": [1], "low": -1, "high": 1},
                      "action_space": {"type": "Discrete", "n": 2}}
        elif request["op"] == "reset":
            reply |= {"obs": [0]}
        elif request["op"] == "step":
            steps += 1
            reply |= {"obs": [0], "reward": 1, "terminated": steps % 10 == 0, "truncated": False}
        print(json.dumps(reply), flush=True)
        if steps == 200: open("200", "w").close()
    """

  /// A policy that always takes action 1.
  private static let policy = """
    import json, sys
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"id": request["id"]}
        if request["op"] == "hello":
            reply |= {"version": 1, "role": "policy", "obs_space": {"type": "Box", "shape": [2], "low": -1, "high": 1},
                      "action_space": {"type": "Discrete", "n": 2}}
        elif request["op"] == "act":
            reply |= {"action": 1}
        print(json.dumps(reply), flush=True)
    """
}
