import Environments
import Testing

@Suite("A time limit truncates")
struct TimeLimitTests {
  @Test(
    "termination and truncation are told apart, and may come in one step",
    arguments: [(5, 3, 3, false, true), (3, 5, 3, true, false), (4, 4, 4, true, true), (2, 1, 1, false, true)]
  )
  func flags(length: Int, limit: Int, end: Int, isTerminated: Bool, isTruncated: Bool) throws {
    var environment = TimeLimit(Countdown(length: length), steps: limit)
    _ = try environment.reset(seed: nil, options: [:])
    for step in 1...end {
      let transition = try environment.step(0)
      #expect(transition.reward == Double(step))
      #expect(transition.isTerminated == (step == end && isTerminated))
      #expect(transition.isTruncated == (step == end && isTruncated))
    }
  }

  @Test("a reset counts anew, also in the middle of an episode")
  func reset() throws {
    var environment = TimeLimit(Countdown(length: 100), steps: 3)
    for steps in [2, 3, 1, 3] {
      _ = try environment.reset(seed: nil, options: [:])
      for step in 1...steps { #expect(try environment.step(0).isTruncated == (step == 3)) }
    }
  }

  @Test("a reset or step that throws does not count")
  func failures() throws {
    var environment = TimeLimit(Countdown(length: 100), steps: 2)
    _ = try environment.reset(seed: nil, options: [:])
    _ = try environment.step(0)
    #expect(throws: EnvironmentError.self) { try environment.reset(seed: nil, options: ["refused": .null]) }
    #expect(throws: EnvironmentError.self) { try environment.step(9) }
    #expect(try environment.step(0).isTruncated)
  }

  @Test("the description has the limit and is otherwise the environment's")
  func description() {
    let environment = TimeLimit(Countdown(length: 1), steps: 7)
    #expect(environment.spec == EnvironmentSpec(id: "Countdown-v0", maximumEpisodeSteps: 7))
    #expect(environment.observationSpace == environment.base.observationSpace)
    #expect(environment.actionSpace == environment.base.actionSpace)
  }
}
