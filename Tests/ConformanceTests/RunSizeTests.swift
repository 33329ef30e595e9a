import Foundation
import TestSupport
import Testing

/// What a run says before it begins, where it is not as large as its options ask for.
@Suite("The size of a run", .enabled(if: Misbehaving.isPossible, "python3 is not installed"))
struct RunSizeTests {
  /// What is said before the first epoch has ended.
  private func remarks(_ words: String) throws -> [Substring] {
    try Shell.withDirectory { directory in
      let (status, output) = try Shell.run(
        "'\(BuiltProgram.path("pgagent"))' \(words) --hidden 4 --epochs 2 --out run", in: directory)
      #expect(status == 0, "\(output)")
      return output.split(separator: "\n").prefix { !$0.hasPrefix("epoch ") }
    }
  }

  private static let corridor = "python3 \(repositoryRoot)/protocol/examples/corridor.py"
  private static let oneEnvironment = "--env-cmd '\(corridor)' --min-horizon 10"

  @Test("a server that has fewer environments than it is asked for is named, with what to do")
  func fewerEnvironments() throws {
    let server = "each process of \(Self.corridor) has one environment"
    let wish = "--num-envs asks for 6 environments, but "
    #expect(
      try remarks("\(Self.oneEnvironment) --num-envs 6 --steps-per-epoch 100")
        == ["\(wish)\(server), so the run has 1; --env-procs 6 gives it 6"])
    #expect(
      try remarks("\(Self.oneEnvironment) --env-procs 2 --steps-per-epoch 100")
        == ["\(server), so the run has 2; --env-procs 16 gives it 16"])
    #expect(try remarks("\(Self.oneEnvironment) --env-procs 2 --num-envs 2 --steps-per-epoch 100") == [])
  }

  @Test("an epoch that is longer than it should be is told in numbers, with the options that are in its way")
  func longerEpochs() throws {
    #expect(
      try remarks("--env-cmd cartpole-server --steps-per-epoch 100") == [
        "an epoch has 960 steps instead of 100, and the run 1,920: each of 16 environments makes 60 for an update; "
          + "a smaller --min-horizon or --num-envs makes it shorter"
      ])
    #expect(try remarks("--env-cmd cartpole-server --steps-per-epoch 960") == [])
    #expect(
      try remarks(
        "--env-cmd 'classic-control-server --id Pendulum-v1' --algo td3 --steps-per-epoch 10 --train-freq 10"
      ).first?.hasSuffix("each of 16 environments makes 1 for an update; a smaller --num-envs makes it shorter") == true
    )
  }
}
