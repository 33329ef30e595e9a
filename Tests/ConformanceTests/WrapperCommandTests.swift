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
        ("\(pendulum) --algo sac --action-rescale --out c", "acts between the bounds of the actions by itself"),
      ] {
        let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
        #expect(status != 0 && output.contains(sentence), "\(words): \(output)")
      }
    }
  }

  @Test("make a served policy take the actions that eval takes, in sessions and with stacks: SPEC 16.13 and 18.16")
  func served() throws {
    try Shell.withDirectory { directory in
      let pendulum = "--env-cmd 'classic-control-server --id Pendulum-v1'"
      _ = try run(
        "\(pendulum) \(small) --frame-stack 3 --obs-rescale --obs-clip 0.9 --action-rescale --normalize-obs on "
          + "--time-limit 30 --action-repeat 2 --out a", in: directory)
      _ = try run(
        "eval \(pendulum) --policy a/policy.json --episodes 2 --num-envs 1 --record dialogue.txt", in: directory)
      let (seen, taken) = try Self.episodes(directory + "/dialogue.txt")
      #expect(seen.map(\.count) == [30, 30])
      let acts = seen.enumerated().flatMap { episode, observations in
        [#"{"id":1,"op":"begin","session":"\#(episode)"}"#]
          + observations.map {
            #"{"id":2,"op":"act","session":"\#(episode)","deterministic":true,"obs":\#($0)}"#
          }
      }
      try ([#"{"id":0,"op":"hello","versions":[1],"features":["session"]}"#] + acts).joined(separator: "\n")
        .write(toFile: directory + "/asked", atomically: true, encoding: .utf8)
      let served = try Self.actions(run("serve a < asked", in: directory))
      #expect(served == taken.flatMap { $0 })
      #expect(Set(served).count > 30, "a policy that always does the same would agree by chance")
      // Stacks that the caller makes get the same answers.
      let stacks = seen.flatMap { observations in
        observations.indices.map { step in
          (step - 2...step).map { observations[max(0, $0)].dropFirst().dropLast() }.joined(separator: ",")
        }
      }
      let asked =
        [#"{"id":0,"op":"hello","versions":[1]}"#]
        + stacks.map { #"{"id":2,"op":"act","deterministic":true,"obs":[\#($0)]}"# }
      try asked.joined(separator: "\n").write(toFile: directory + "/stacks", atomically: true, encoding: .utf8)
      #expect(try Self.actions(run("serve a < stacks", in: directory)) == served)
    }
  }

  @Test("make eval score a policy that is served as it scores its file, action for action: SPEC 16.13")
  func servedToEval() throws {
    try Shell.withDirectory { directory in
      let pendulum = "--env-cmd 'classic-control-server --id Pendulum-v1'"
      _ = try run(
        "\(pendulum) \(small) --frame-stack 3 --obs-rescale --obs-clip 0.9 --action-rescale --normalize-obs on --out a",
        in: directory)
      // More episodes than play at once, so that a row has several; the long ones are cut in mid-play.
      let few = "--episodes 5 --num-envs 2 --seed 3 --json"
      for (number, words) in [few, "\(few) --sampled", "\(few) --b64", "\(few) --time-limit 50"].enumerated() {
        let (file, served) = ("file\(number).txt", "served\(number).txt")
        let one = try run("eval \(pendulum) --policy a/policy.json --record \(file) \(words)", in: directory)
        let other = try run(
          "eval \(pendulum) --policy-cmd \"\(agent) serve a/policy.json\" --record \(served) \(words)", in: directory)
        #expect(one.contains("mean_return") && one == other, "\(words)")
        let dialogues = try [file, served].map {
          try String(contentsOfFile: "\(directory)/\($0)", encoding: .utf8).split(separator: "\n")
            .filter { $0.contains(#""op":"step""#) }
        }
        #expect(dialogues[0] == dialogues[1] && Set(dialogues[0]).count > 100, "\(words)")
      }
    }
  }

  private static func actions(_ replies: String) -> [String] {
    replies.matches(of: #/"action":(\[[^\]]*\])/#).map { String($0.1) }
  }

  /// What a policy saw and what it did in the episodes of a dialogue whose actions are repeated once.
  private static func episodes(_ path: String) throws -> (seen: [[String]], taken: [[String]]) {
    var (seen, taken): ([[String]], [[String]]) = ([], [])
    var (observation, steps) = ("", 0)
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
      if line.contains(#""op":"reset""#) { (seen, taken, steps) = (seen + [[]], taken + [[]], 0) }
      if let action = line.firstMatch(of: #/"action":(\[[^\]]*\])/#)?.1 {
        if steps % 2 == 0 {
          seen[seen.count - 1].append(observation)
          taken[taken.count - 1].append(String(action))
        }
        steps += 1
      }
      if let told = line.firstMatch(of: #/"obs":(\[[^\]]*\])/#)?.1 { observation = String(told) }
    }
    return (seen.filter { !$0.isEmpty }, taken.filter { !$0.isEmpty })
  }

  @Test("of learn hold for each session, go on with --resume and --policy, and give a policy for stacks: SPEC 17.16")
  func sessions() throws {
    try Shell.withDirectory { directory in
      let hello =
        #"{"id":0,"op":"hello","versions":[1],"want":{"obs_space":{"type":"Box","shape":[2],"low":-1,"high":1},"#
        + #""action_space":{"type":"Discrete","n":2}}}"#
      let episode = (0..<9).flatMap { index in
        [#"{"id":1,"op":"begin","session":"a"}"#, #"{"id":2,"op":"act","session":"a","obs":[0.\#(index),0]}"#]
          + (0..<9).map { #"{"id":3,"op":"act","session":"a","reward":1,"obs":[0.\#($0),0.5]}"# } + [
            #"{"id":4,"op":"end","session":"a","reward":1,"terminated":true,"truncated":false,"obs":[0,0]}"#
          ]
      }
      try ([hello] + episode).joined(separator: "\n")
        .write(toFile: directory + "/asked", atomically: true, encoding: .utf8)
      for words in [
        "--out a --frame-stack 4 --obs-clip 0.6 --reward-scale 0.1 --hidden 4 --steps-per-epoch 40", "--resume a",
        "--policy a/policy.json --out b",
      ] {
        let output = try run("learn \(words) < asked", in: directory)
        #expect(!output.contains("error") && output.contains(#""shape":[2]"#), "\(words): \(output)")
      }
      for run in ["a", "b"] {
        let policy = try String(contentsOfFile: "\(directory)/\(run)/policy.json", encoding: .utf8)
        #expect(policy.contains(#""wrappers":{"frame_stack":4,"obs_clip":0.6,"reward_scale":0.1}"#))
        #expect(policy.contains(#""shape":[4,2]"#))
      }
      for (words, sentence) in [
        ("learn --time-limit 5", "--time-limit is an option of pgagent train and pgagent eval, not of pgagent learn"),
        ("learn --sticky-actions 0.1", "--sticky-actions is an option of pgagent train, not of pgagent learn"),
        ("serve a --frame-stack 4", "--frame-stack is an option of"),
        ("learn --resume a --frame-stack 2", "--frame-stack cannot be changed by --resume"),
        ("learn --policy a/policy.json --frame-stack 2", "--frame-stack cannot be given with --policy"),
      ] {
        let (status, output) = try Shell.run("\(agent) \(words) < asked", in: directory)
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
