import Foundation
import Testing

/// SPEC 14.1, SPEC 14.2, SPEC 14.3, end to end: what a server forbids is never done.
@Suite("Action masks, from a server to the policy")
struct ActionMaskTests {
  /// Ten stones, of which 1 to 3 are taken at a time, in as few times as possible.
  ///
  /// The server gives up when told to take more than are left, or when masks are not asked for. With the word `batch` it
  /// has several heaps.
  private static let stones = #"""
    import json, sys

    START = 10
    OBS = {"type": "Discrete", "n": START + 1}
    ACTION = {"type": "Discrete", "n": 3, "start": 1}

    def mask(left):
        return [int(taken <= left) for taken in (1, 2, 3)]

    heaps = []
    for line in sys.stdin:
        request = json.loads(line)
        reply = {"id": request["id"]}
        if request["op"] == "hello":
            batch = "batch" in request["features"] and "batch" in sys.argv
            if "mask" not in request["features"]:
                sys.exit("masks are not asked for")
            count = min(request.get("want", {}).get("num_envs", 1), 5) if batch else 1
            features = ["mask", "batch"] if batch else ["mask"]
            reply |= {"version": 1, "role": "env", "features": features, "num_envs": count}
            reply |= {"obs_space": OBS, "action_space": ACTION}
        elif request["op"] == "reset":
            heaps = [START] * count
            reply["obs"] = heaps if batch else heaps[0]
            if not batch:
                reply["action_mask"] = mask(heaps[0])  # A batch of full heaps says the same by saying nothing.
        elif request["op"] == "step":
            actions = request["action"] if batch else [request["action"]]
            for heap, taken in zip(heaps, actions):
                if taken > heap:
                    sys.exit(f"{taken} stones were taken of {heap}")
            heaps = [heap - taken for heap, taken in zip(heaps, actions)]
            if batch:
                over = [{"env": env, "terminated": True, "truncated": False, "final_obs": 0}
                        for env, heap in enumerate(heaps) if heap == 0]
                heaps = [heap or START for heap in heaps]
                reply |= {"obs": heaps, "reward": [-1] * count, "ended": over}
                reply["action_mask"] = [number for heap in heaps for number in mask(heap)]
            else:
                reply |= {"obs": heaps[0], "reward": -1, "terminated": heaps[0] == 0, "truncated": False}
                if heaps[0]:
                    reply["action_mask"] = mask(heaps[0])
        print(json.dumps(reply), flush=True)
        if request["op"] == "close":
            break
    """#

  @Test(
    "no forbidden action is sent while learning, evaluating or sampling, and the best legal one is learned",
    .enabled(if: isPythonHere, "python3 is not installed"),
    arguments: ["", " batch"])
  func training(mode: String) throws {
    try Shell.withDirectory { directory in
      try Self.stones.write(toFile: directory + "/stones.py", atomically: true, encoding: .utf8)
      let command = "--env-cmd 'python3 stones.py\(mode)'"
      let agent = "'\(BuiltProgram.path("pgagent"))'"
      let (status, output) = try Shell.run(
        "\(agent) \(command) --seed 1 --epochs 15 --steps-per-epoch 1000 --pi-lr 0.02 --out run", in: directory)
      #expect(status == 0, "\(output)")
      for choice in ["", " --sampled"] {
        let (status, output) = try Shell.run(
          "\(agent) eval \(command) --policy run/policy.json --episodes 50 --json\(choice)", in: directory)
        #expect(status == 0, "\(output)")
        let mean = try #require(output.firstMatch(of: /"mean_return":(-?[0-9.]+)/)?.output.1)
        // Ten stones take four times at least.
        #expect(try #require(Double(mean)) >= (choice.isEmpty ? -4 : -4.5), "\(output)")
      }
    }
  }
}

private let isPythonHere = (try? Shell.run("command -v python3"))?.status == 0
