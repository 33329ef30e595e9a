import Foundation
import Testing

/// What `pgagent eval` tells besides the score.
@Suite("An evaluation")
struct EvaluateCommandTests {
  private let agent = "'\(BuiltProgram.path("pgagent"))'"

  @Test("tells how the other choice of actions does where it does otherwise, and not where a program reads the result")
  func otherChoice() throws {
    try Shell.withDirectory { directory in
      // Always the most probable action of a policy that has learned nothing makes a pole fall faster than chance does.
      let settings = "--seed 1 --epochs 1 --steps-per-epoch 64 --pi-lr 1e-9"
      _ = try Shell.run("\(agent) train --env-cmd cartpole-server \(settings) --out run 2>&1", in: directory).output
      let greedy = try Shell.run("\(agent) eval run 2>&1", in: directory).output
      #expect(greedy.contains(", greedy\n"))
      #expect(greedy.contains("\nsampled actions score "))
      #expect(greedy.contains("in 20 episodes; with --sampled all are played so"))
      let sampled = try Shell.run("\(agent) eval run --sampled 2>&1", in: directory).output
      #expect(sampled.contains("\ngreedy actions score "))
      let printed = try Shell.run("\(agent) eval run --json 2>&1", in: directory).output
      #expect(!printed.contains("actions score"))
    }
  }

  @Test("cuts episodes at --time-limit")
  func timeLimit() throws {
    let run = (try TrainedPolicy.cartPole.get() as NSString).deletingLastPathComponent
    let (_, output) = try Shell.run("\(agent) eval '\(run)' --time-limit 50 --episodes 10")
    #expect(output.contains("mean return 50.00 ± 0.00") && output.contains("mean length 50.0"), "\(output)")
  }
}
