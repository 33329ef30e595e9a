import Foundation
import TestSupport
import Testing

/// `pgagent eval --policy-cmd`: any program that speaks the role policy, on any environment.
@Suite("Policies of other programs", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct PolicyCommandTests {
  private static let agent = "'\(BuiltProgram.path("pgagent"))'"

  private func evaluate(_ arguments: String, in directory: String = "/") throws -> (status: Int32, output: String) {
    try Shell.run("\(Self.agent) eval \(arguments)", in: directory)
  }

  private static func program(_ mode: String) -> String {
    "\"python3 '\(repositoryRoot)/Tests/ConformanceTests/Fixtures/misbehave_policy.py' \(mode)\""
  }

  @Test(
    "a policy that is served scores what its file scores, number for number",
    arguments: ["", "--sampled", "--b64 --num-envs 7", "--sampled --num-envs 3", "--sampled --env-procs 2"])
  func sameScore(arguments: String) throws {
    for (server, policy) in [
      ("cartpole-server", try TrainedPolicy.cartPole.get()), ("swingup-server", try TrainedPolicy.swingUp.get()),
    ] {
      let common = "--env-cmd \(server) --episodes 10 --seed 3 --json \(arguments)"
      let file = try evaluate("\(common) --policy '\(policy)'")
      let served = try evaluate("\(common) --policy-cmd \"\(Self.agent) serve '\(policy)'\"")
      #expect(file.status == 0 && served.status == 0, "\(file.output) \(served.output)")
      #expect(file.output == served.output)
    }
  }

  @Test("sampled actions depend on the episode and the step, and not on how many episodes are played at once")
  func sampling() throws {
    let policy = try TrainedPolicy.swingUp.get()
    let common = "--env-cmd swingup-server --episodes 9 --seed 5 --json --sampled --policy '\(policy)'"
    let scores = try ["--num-envs 1", "--num-envs 4", "--num-envs 64"].map { try evaluate("\(common) \($0)").output }
    #expect(Set(scores).count == 1, "\(scores)")
  }

  @Test("a program without features is asked row by row, about any number of sub-environments")
  func rowByRow() throws {
    for count in [1, 5] {
      let (status, output) = try evaluate(
        "--env-cmd cartpole-server --num-envs \(count) --episodes 5 --policy-cmd \(Self.program("none"))")
      #expect(status == 0)
      // A cart that is always pushed to the right loses its pole within some ten steps.
      #expect(output.contains(/mean return (8|9|10)\.\d\d/), "\(output)")
    }
  }

  @Test("masks reach a policy that reads them, and one that cannot is warned of")
  func masks() throws {
    try Shell.withDirectory { directory in
      let heap = """
        import json, sys
        for line in sys.stdin:
            request = json.loads(line)
            reply = {"id": request["id"]}
            if request["op"] == "hello":
                reply |= {"version": 1, "role": "env", "features": ["mask"], "obs_space": {"type": "Discrete", "n": 11},
                          "action_space": {"type": "Discrete", "n": 3, "start": 1}}
            elif request["op"] == "reset":
                left = 10
                reply |= {"obs": left, "action_mask": [1, 1, 1]}
            elif request["op"] == "step":
                if request["action"] > left:
                    sys.exit("more was taken than is left")
                left -= request["action"]
                reply |= {"obs": left, "reward": -1, "terminated": left == 0, "truncated": False}
                if left:
                    reply["action_mask"] = [int(taken <= left) for taken in (1, 2, 3)]
            print(json.dumps(reply), flush=True)
            if request["op"] == "close":
                break
        """
      try heap.write(toFile: directory + "/heap.py", atomically: true, encoding: .utf8)
      let common = "--env-cmd 'python3 heap.py' --episodes 3 --policy-cmd"
      let most = try evaluate("\(common) \(Self.program("masks"))", in: directory)
      #expect(most.status == 0 && most.output.hasPrefix("mean return -4.00"), "\(most.output)")
      let one = try evaluate("\(common) \(Self.program("none"))", in: directory)
      #expect(one.status == 0 && one.output.contains("mean return -10.00"), "\(one.output)")
      #expect(one.output.contains("cannot be told which actions are legal"))
    }
  }

  @Test("a policy that reads masks gets none where the environment tells none")
  func noMasks() throws {
    try Shell.withDirectory { directory in
      let policy = """
        import json, sys
        for line in sys.stdin:
            request = json.loads(line)
            reply = {"id": request["id"]}
            if request["op"] == "hello":
                reply |= {"version": 1, "role": "policy", "features": ["mask"], "action_space": {"type": "Discrete", "n": 2},
                          "obs_space": {"type": "Box", "shape": [4], "dtype": "float32",
                                        "low": [-4.8, "-Infinity", -0.41887903, "-Infinity"],
                                        "high": [4.8, "Infinity", 0.41887903, "Infinity"]}}
            elif request["op"] == "act":
                if "action_mask" in request:
                    sys.exit("nobody has told this mask")
                reply["action"] = 0
            print(json.dumps(reply), flush=True)
        """
      try policy.write(toFile: directory + "/policy.py", atomically: true, encoding: .utf8)
      let (status, output) = try evaluate(
        "--env-cmd cartpole-server --num-envs 3 --episodes 3 --policy-cmd 'python3 policy.py'", in: directory)
      #expect(status == 0 && output.hasPrefix("mean return"), "\(output)")
    }
  }

  @Test(
    "what a policy's process does wrong ends in one sentence, and leaves nothing behind",
    arguments: [
      ("exits-at-once", "start-up", "exited with status 1 without an answer", "No module named 'brain'"),
      ("hangs-in-hello", "start-up", "did not answer within 5 s", "--start-timeout"),
      ("role-env", "start-up", "has the role \"env\", but a policy is needed", "Give the command of a policy's server"),
      (
        "other-spaces", "start-up", "is made for other spaces than the environment has: action has n=3",
        "for this environment"
      ),
      ("refuses-spaces", "start-up", "unsupported_space: only images are seen", "made for the same spaces"),
      ("exits-in-act", "act", "exited with status 1 without an answer", "ZeroDivisionError"),
      ("hangs-in-act", "act", "did not answer within 2 s", "--step-timeout"),
      ("wrong-id", "act", "the reply has the id 4 instead of 3", "copies the id"),
      ("no-action", "act", "the reply has no \"action\"", "lists what each reply needs"),
      ("no-such-action", "act", "chose an action that is none: action 7 is outside Discrete(n=2)", "16.7"),
      ("half-an-action", "act", "\"action\" cannot be used: it is 0.5 instead of an integer", "Sections 8 and 9"),
      ("refuses", "act", "bad_message: that is no observation", "section 7"),
    ])
  func faults(mode: String, phase: String, happening: String, advice: String) throws {
    let place = try Misbehaving(mode)
    let command = Self.program("\(mode) '\(place.directory)/pids'")
    // Only what hangs is given little time.
    let limit = mode.hasPrefix("hangs") ? (phase == "act" ? "--step-timeout 2" : "--start-timeout 5") : ""
    let (status, output) = try evaluate(
      "--env-cmd cartpole-server --num-envs 1 \(limit) --policy-cmd \(command)")
    #expect(status == 1)
    #expect(output.hasPrefix("pgagent: ") && output.contains("misbehave_policy.py \(mode)"), "\(output)")
    #expect(output.contains("(phase: \(phase); "), "\(output)")
    #expect(output.contains(happening) && output.contains(advice), "\(output)")
    #expect(place.isGone())
  }

  @Test("a policy has to be given, once, and in a form that can be used")
  func usage() throws {
    let policy = try TrainedPolicy.cartPole.get()
    #expect(try evaluate("--env-cmd cartpole-server").output.contains("give --policy with a file, or --policy-cmd"))
    let both = try evaluate("--env-cmd cartpole-server --policy '\(policy)' --policy-cmd x")
    #expect(both.status == 2 && both.output.contains("give one of them"))
    let other = try evaluate("--env-cmd swingup-server --policy '\(policy)'")
    #expect(other.status == 1 && other.output.contains("The policy was made for observations of"), "\(other.output)")
  }
}
