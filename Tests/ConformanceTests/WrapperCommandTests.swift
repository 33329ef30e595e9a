import Foundation
import TestSupport
import Testing

/// Wrappers by flag, through the commands.
@Suite("Wrappers by flag")
struct WrapperCommandTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let small = "--epochs 2 --steps-per-epoch 256 --hidden 4"

  private func run(_ words: String, in directory: String) throws -> String {
    let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
    try #require(status == 0, "\(output)")
    return output
  }

  @Test("are in the run and its policy, hold in eval and serve, and go on with --resume and --policy: SPEC 18.16")
  func commands() throws {
    try Shell.withDirectory { directory in
      let pendulum = "--env-cmd 'classic-control-server --id Pendulum-v1'"
      _ = try run(
        "\(pendulum) \(small) --obs-rescale --obs-clip 0.5 --action-rescale --reward-scale 0.1 --reward-clip 1 --out a",
        in: directory)
      let policy = try String(contentsOfFile: directory + "/a/policy.json", encoding: .utf8)
      #expect(policy.contains(#""obs_clip":0.5"#) && policy.contains(#""reward_scale":0.1"#))
      _ = try run("eval \(pendulum) --policy a/policy.json --episodes 2", in: directory)
      // Of two observations that are clipped to the same numbers the policy thinks the same.
      let requests = [
        #"{"id":0,"op":"hello","versions":[1]}"#, #"{"id":1,"op":"act","deterministic":true,"obs":[0.6,0.9,0]}"#,
        #"{"id":1,"op":"act","deterministic":true,"obs":[0.8,0.7,0]}"#,
      ]
      try requests.joined(separator: "\n").write(toFile: directory + "/asked", atomically: true, encoding: .utf8)
      let answers = try run("serve a/policy.json < asked", in: directory).split(separator: "\n").dropFirst()
      #expect(answers.count == 2 && Set(answers).count == 1, "\(answers)")
      _ = try run("--resume a", in: directory)
      _ = try run("\(pendulum) --epochs 1 --steps-per-epoch 256 --policy a/policy.json --out b", in: directory)
      let second = try String(contentsOfFile: directory + "/b/policy.json", encoding: .utf8)
      #expect(second.contains(#""obs_clip":0.5"#))
      for (words, sentence) in [
        ("\(pendulum) --policy a/policy.json --obs-clip 1 --out c", "--obs-clip cannot be given with --policy"),
        ("--resume a --obs-clip 1", "--obs-clip cannot be changed by --resume"),
        ("export a/policy.json --format c -o a.c", "it was trained with wrappers"),
        ("\(pendulum) --algo sac --action-rescale --out c", "acts between the bounds of the actions by itself"),
      ] {
        let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
        #expect(status != 0 && output.contains(sentence), "\(words): \(output)")
      }
    }
  }

  @Test("about steps are saved with the policy, hold in eval and watch, and do not depend on the processes: SPEC 18.17")
  func steps() throws {
    try Shell.withDirectory { directory in
      let words =
        "--env-cmd cartpole-server \(small) --frame-stack 3 --action-repeat 2 --time-limit 20 --sticky-actions 0.1 "
        + "--eval-interval 1 --eval-episodes 3"
      _ = try run("\(words) --out a", in: directory)
      _ = try run("\(words) --env-procs 16 --out b", in: directory)
      #expect(
        FileManager.default.contentsEqual(atPath: directory + "/a/policy.json", andPath: directory + "/b/policy.json"))
      let policy = try String(contentsOfFile: directory + "/a/policy.json", encoding: .utf8)
      #expect(
        policy.contains(#""wrappers":{"frame_stack":3,"action_repeat":2,"time_limit":20,"sticky_actions":0.1}"#))
      // No episode has more than 20 actions, of two steps each.
      let scored = try run("eval --env-cmd cartpole-server --policy a/policy.json --episodes 5", in: directory)
      let match = try #require(scored.firstMatch(of: /max (\d+)\.00\), mean length (\d+)\./))
      #expect((Int(match.1) ?? 99) <= 40 && (Int(match.2) ?? 99) <= 20, "\(scored)")
      _ = try run("watch a", in: directory)
      _ = try run("--resume a", in: directory)
    }
  }
}
