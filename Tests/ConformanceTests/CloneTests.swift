import Foundation
import TestSupport
import Testing

/// `pgagent clone`: what was recorded of somebody's episodes becomes a policy.
@Suite("Cloning what was recorded")
struct CloneTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"
  private let small = "--hidden 16 --passes 15 --learning-rate 3e-3"

  private func run(_ words: String, in directory: String, expecting expected: Int32 = 0) throws -> String {
    let (status, output) = try Shell.run("\(agent) \(words)", in: directory)
    try #require(status == expected, "\(output)")
    return output
  }

  @Test("a clone does well where the recorded policy did, and training goes on from it")
  func clones() throws {
    let policy = try TrainedPolicy.cartPole.get()
    try Shell.withDirectory { directory in
      _ = try run(
        "eval --env-cmd cartpole-server --num-envs 1 --episodes 3 --policy '\(policy)' --record said.txt",
        in: directory)
      let output = try run(
        "clone --from said.txt --out clone.json \(small) --then "
          + "'ppo --env-cmd cartpole-server --epochs 1 --steps-per-epoch 512 --num-envs 4 --out trained'",
        in: directory)
      #expect(
        output.contains("learns from 1,000 steps of said.txt with 3 episodes, and holds out 500"), "\(output)")
      #expect(
        output.contains(/kept the policy of pass \d+: mean ln pi -0\.\d+ of what it learns from, -0\.\d+ of what/))
      let scored = try run(
        "eval --env-cmd cartpole-server --episodes 20 --policy clone.json --json", in: directory)
      let score = try JSONSerialization.jsonObject(with: Data(scored.utf8)) as? [String: Any]
      // At random it is 20.
      #expect((score?["mean_return"] as? Double ?? 0) > 100, "\(scored)")
      let settings = try String(contentsOfFile: directory + "/trained/config.json", encoding: .utf8)
      #expect(settings.contains("clone.json"))
      // One epoch does not forget it.
      let further = try run(
        "eval --env-cmd cartpole-server --episodes 20 --policy trained/policy.json --json", in: directory)
      let later = try JSONSerialization.jsonObject(with: Data(further.utf8)) as? [String: Any]
      #expect((later?["mean_return"] as? Double ?? 0) > 60, "\(further)")
    }
  }

  @Test("recordings that lie are refused in a sentence with the file and the line")
  func lies() throws {
    try Shell.withDirectory { directory in
      for (name, server) in [("cart", "cartpole-server"), ("pendulum", "'classic-control-server --id Pendulum-v1'")] {
        _ = try run(
          "--env-cmd \(server) --num-envs 1 --epochs 1 --steps-per-epoch 64 --hidden 4 --record \(name).txt --out \(name)",
          in: directory)
      }
      let said = try String(contentsOfFile: directory + "/cart.txt", encoding: .utf8)
      let lines = said.split(separator: "\n", omittingEmptySubsequences: false)
      let reply = try #require(lines.firstIndex { $0.contains("\"reward\"") })
      let broken = lines[..<reply] + [lines[reply].prefix(20)] + lines[(reply + 1)...]
      let mute = lines[..<reply] + lines[(reply + 1)...]
      for (name, content) in [("broken", broken), ("mute", mute)] {
        try content.joined(separator: "\n").write(
          toFile: "\(directory)/\(name).txt", atomically: true, encoding: .utf8)
      }
      try "".write(toFile: directory + "/empty.txt", atomically: true, encoding: .utf8)
      for (words, sentence) in [
        ("--from cart.txt --from pendulum.txt", "pendulum.txt:"),
        ("--from cart.txt --from pendulum.txt", "it has observations of"),
        ("--from broken.txt", "--from cannot use broken.txt:\(reply + 1)"),
        ("--from mute.txt", "has no reply yet"),
        ("--from empty.txt", "--from empty.txt has no step of an environment in it"),
        ("--from nowhere.txt", "--from nowhere.txt cannot be read"), ("", "--from is missing"),
        ("--from cart.txt --then ppo", "--env-cmd is missing"),
        ("--from cart.txt --algo acer", "--replay-from"),
      ] {
        let (status, output) = try Shell.run("\(agent) clone \(words) --passes 1 --out c.json", in: directory)
        #expect(status != 0 && output.contains(sentence), "\(words): \(output)")
      }
    }
  }
}
