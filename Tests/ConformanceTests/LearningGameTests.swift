import Foundation
import TestSupport
import Testing

/// The example of a program that owns its loop.
@Suite("The game that learns while it runs")
struct LearningGameTests {
  @Test(
    "eight poles at once, from nothing to a mean of 475 over 100 episodes", .timeLimit(.minutes(20)))
  func balance() throws {
    try Shell.withDirectory { directory in
      let game = repositoryRoot + "/protocol/examples/balance.py"
      let agent = "'\(BuiltProgram.path("pgagent"))'"
      let (status, output) = try Shell.run("python3 '\(game)' 1 \(agent) learn --out run", in: directory)
      #expect(status == 0, "\(output)")
      #expect(output.contains("mean return"), "\(output)")
      // What it has learned is a policy like any other.
      let evaluation = "\(agent) eval --env-cmd cartpole-server --policy run/policy.json --json"
      let (_, figures) = try Shell.run(evaluation, in: directory)
      let mean = try #require(figures.firstMatch(of: /"mean_return":([0-9.]+)/)).output.1
      #expect(try #require(Double(mean)) > 400, "\(figures)")
    }
  }
}
