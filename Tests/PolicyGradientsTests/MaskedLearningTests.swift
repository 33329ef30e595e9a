import Environments
import PolicyGradients
import Testing

@Suite("Learning where some actions are forbidden")
struct MaskedLearningTests {
  private func trainer(_ name: String, _ environments: [any VectorEnvironment]) throws -> Trainer {
    let settings = configuration(name) {
      $0.hiddenSizes = [16]
      $0.epochs = 20
      $0.stepsPerEpoch = 400
      $0.policyLearningRate = 0.02
      $0.valueLearningRate = 0.02
    }
    return try Trainer(settings, environments: environments)
  }

  /// Trains, evaluates by the mode and by samples, and returns the mean return of the mode.
  private func greedyReturn(_ name: String, mask: [UInt8]?) throws -> Double {
    let environment = MaskedBandit(count: 4, mask: mask)
    let trainer = try trainer(name, [environment])
    try trainer.run { _ in }
    let policy = try trainer.snapshot().makePolicy()
    _ = try Evaluation.run(policy, in: environment, episodes: 200, seed: 2, isDeterministic: false)
    let evaluation = try Evaluation.run(policy, in: environment, episodes: 20, seed: 1)
    #expect(environment.violations == 0)
    return evaluation.meanReturn
  }

  @Test("the best arm is found, and the best legal one where that is forbidden", arguments: LearningTests.names)
  func bandit(name: String) throws {
    #expect(try greedyReturn(name, mask: nil) == 5)
    #expect(try greedyReturn(name, mask: [1, 1, 0]) == 1)
  }

  @Test("environments that tell masks learn beside others that tell none")
  func mixed() throws {
    let (masked, free) = (MaskedBandit(count: 2, mask: [1, 0, 0]), MaskedBandit(count: 2, mask: nil))
    let trainer = try trainer("vpg", [masked, free])
    try trainer.run { _ in }
    #expect(masked.pulls == [4000, 0, 0])
    #expect(free.pulls[2] > free.pulls[0] && free.pulls[2] > free.pulls[1])
  }

  @Test(
    "a policy that is asked chooses what the mask of the row allows, of which it is then certain",
    arguments: [ActionChoice.greedy, .sampled(seed: nil), .sampled(seed: 7)])
  func acting(choice: ActionChoice) throws {
    let policy = try trainer("vpg", [MaskedBandit(count: 3, mask: nil)]).snapshot().makePolicy()
    let observations = ValueBatch(policy.observationSpace, count: 3)
    let masks = MaskBatch(policy.actionSpace, count: 3)
    for (index, number) in [0, 0, 1, 1, 0, 0, 0, 1, 0].enumerated() { masks.numbers[index] = UInt8(number) }
    let answers = ActionBatch(policy.actionSpace, count: 3, withEstimates: true)
    for _ in 0..<50 {
      try policy.act(on: observations, count: 3, masks: masks, choice: choice, into: answers)
      #expect(try (0..<3).map { try Int.load(from: answers.actions, row: $0) } == [12, 10, 11])
      #expect(try #require(answers.logProbabilities?.floats).allSatisfy { $0 == 0 })
    }
  }

  @Test("a mask that forbids everything, or has another width, stops the run with a sentence")
  func unusable() throws {
    let error = try #require(throws: TrainingError.self) {
      try trainer("vpg", [MaskedBandit(count: 2, mask: nil), MaskedBandit(count: 2, mask: [0, 0, 0])]).run { _ in }
    }
    #expect(
      error.description
        == "The action mask of environment 2 cannot be used: of some part of the action it forbids every choice.")
    let other = MaskedBandit(count: 2, mask: nil, maskedActions: .discrete(Discrete(4)))
    let mismatch = try #require(throws: TrainingError.self) { _ = try trainer("vpg", [other]) }
    #expect(
      mismatch.description == "The action mask of environment 0 cannot be used: it has 4 numbers instead of 3.")
  }
}
