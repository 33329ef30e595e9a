import Environments
import Testing

@testable import PolicyGradients

@Suite("Behaviour cloning")
struct BehaviourCloningTests {
  private static let observations = Space.box(Box(shape: [1], low: .same(-1), high: .same(1)))

  /// What somebody does who looks at the sign of a number: for each kind of action that there is, what a negative and a
  /// positive number lead to.
  private static let spaces: [(Space, [Float], [Float])] = [
    (.discrete(Discrete(3)), [0], [2]),
    (.multiDiscrete(MultiDiscrete([2, 3])), [0, 2], [1, 0]),
    (.multiBinary(shape: [2]), [1, 0], [0, 1]),
    (.box(Box(shape: [2], low: .same(-1), high: .same(1))), [-0.5, 0.25], [0.5, 0.75]),
    (.tuple([.discrete(Discrete(2)), .box(Box(shape: [1], low: .same(-1), high: .same(1)))]), [1, -0.5], [0, 0.5]),
  ]

  private func demonstrations(
    _ space: Space, _ negative: [Float], _ positive: [Float], episodes: Int = 10
  ) throws -> Demonstrations {
    let demonstrations = try Demonstrations(
      observationSpace: Self.observations, actionSpace: space, discount: 0.5)
    let receiver = try demonstrations.receiver(of: Self.observations, space, count: 1)
    let (outcome, actions) = (StepBatch(observationSpace: Self.observations, count: 1), ValueBatch(space, count: 1))
    let encoder = try ActionEncoder(space)
    var generator = PCG64(seed: 1)
    for _ in 0..<episodes {
      var sign = try look(&generator, outcome.observations)
      try receiver.begin([0], outcome)
      for step in 1...20 {
        encoder.encode(sign < 0 ? negative : positive, rows: 1, into: actions)
        sign = try look(&generator, outcome.observations)
        outcome.rewards[0] = 1
        outcome.isTerminated[0] = step == 20
        if step == 20 { outcome.finalObservations.copyRow(0, of: outcome.observations, to: 0) }
        try receiver.step(actions, outcome)
        outcome.isTerminated[0] = false
      }
    }
    try receiver.finish()
    return demonstrations
  }

  private func look(_ generator: inout PCG64, _ observations: ValueBatch) throws -> Float {
    let number = Float(generator.uniform(0.2, 1)) * (generator.uniform() < 0.5 ? -1 : 1)
    try [number].store(in: observations, row: 0)
    return number
  }

  private func settings(_ algorithm: String = "ppo", _ sigma: SigmaForm = .free) -> SettingValues {
    configuration(algorithm) {
      $0.hiddenSizes = [16]
      $0.replace(NetworkSettings.sigmaForm, sigma)
    }
  }

  @Test(
    "learns what was done, in every kind of action", arguments: 0..<spaces.count, [SigmaForm.free, .network, .head])
  func learns(index: Int, sigma: SigmaForm) throws {
    let (space, negative, positive) = Self.spaces[index]
    let demonstrations = try demonstrations(space, negative, positive)
    #expect(demonstrations.steps == 200 && demonstrations.episodes.count == 10)
    var schedule = BehaviourCloning.Schedule()
    (schedule.passes, schedule.learningRate, schedule.minibatchSize) = (60, 1e-2, 20)
    let cloning = try BehaviourCloning(settings("ppo", sigma), demonstrations, schedule)
    #expect(cloning.heldOutSteps == 20)
    var passes: [BehaviourCloning.Pass] = []
    try cloning.run { passes.append($0) }
    let best = try #require(cloning.best)
    #expect(best.heldOut ?? -.infinity > passes[0].learned, "\(best)")
    let policy = try cloning.snapshot().makePolicy()
    let (observations, answers) = (
      ValueBatch(Self.observations, count: 2), ActionBatch(space, count: 2, withEstimates: false)
    )
    try [Float(-0.6)].store(in: observations, row: 0)
    try [Float(0.6)].store(in: observations, row: 1)
    try policy.act(on: observations, count: 2, masks: nil, choice: .greedy, into: answers)
    let encoder = try ActionEncoder(space)
    for (row, expected) in [negative, positive].enumerated() {
      var action = [Float](repeating: 0, count: expected.count)
      encoder.decode(answers.actions, row: row, into: &action)
      for (number, wanted) in zip(action, expected) { #expect(abs(number - wanted) < 0.15, "\(action), \(expected)") }
    }
  }

  @Test("returns are discounted within each episode")
  func returns() throws {
    let demonstrations = try demonstrations(.discrete(Discrete(2)), [0], [1], episodes: 2)
    for last in [19, 39] {
      #expect(demonstrations.returns[last] == 1 && demonstrations.returns[last - 1] == 1.5)
      #expect(demonstrations.returns[last - 2] == 1.75)
    }
  }

  @Test("the same seed learns the same, to the bit, and another something else")
  func repeats() throws {
    let demonstrations = try demonstrations(.discrete(Discrete(2)), [0], [1])
    var schedule = BehaviourCloning.Schedule()
    schedule.passes = 3
    let learned = try [1, 1, 2].map { seed in
      var settings = settings()
      settings.seed = UInt64(seed)
      let cloning = try BehaviourCloning(settings, demonstrations, schedule)
      try cloning.run { _ in }
      return cloning.snapshot().policy
    }
    #expect(learned[0] == learned[1] && learned[0] != learned[2])
  }

  @Test("an algorithm that is not on-policy, other spaces and no steps are refused in a sentence")
  func refusals() throws {
    let space = Space.discrete(Discrete(2))
    let known = try demonstrations(space, [0], [1])
    #expect(throws: TrainingError.self) { try BehaviourCloning(settings("acer"), known) }
    #expect(throws: TrainingError.self) { try known.receiver(of: space, space, count: 1) }
    let none = try Demonstrations(observationSpace: Self.observations, actionSpace: space, discount: 1)
    #expect(throws: TrainingError.self) { try BehaviourCloning(settings(), none) }
  }
}
