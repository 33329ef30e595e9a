import Environments
import PolicyGradients
import Testing

/// One step towards either of two goals, which are worth the same.
struct TwoGoals: Environment {
  let spec = EnvironmentSpec(id: "TwoGoals", maximumEpisodeSteps: 1)
  let observationSpace = Space.box(Box(shape: [1], low: .same(0), high: .same(1)))
  let actionSpace = Space.box(Box(shape: [1], low: .same(-1), high: .same(1)))

  func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] { [1] }

  func step(_ action: [Float]) -> Transition<[Float]> {
    let distance = Double(min(abs(action[0] - 0.6), abs(action[0] + 0.6)))
    return Transition([1], reward: -10 * distance * distance, isTerminated: true)
  }
}

@Suite("Two goals")
struct TwoGoalsTests {
  /// Which shares of a policy's actions are at the lower goal, at the upper one, and at neither.
  private func shares(_ name: String, _ change: (inout SettingValues) -> Void) throws -> [Double] {
    let settings = configuration(name) {
      $0.epochs = 6
      $0.stepsPerEpoch = 500
      $0.hiddenSizes = [32, 32]
      $0[OffPolicySettings.learningStarts] = 200
      $0[OffPolicySettings.batchSize] = 32
      change(&$0)
    }
    let trainer = try Trainer(settings, environments: [vector(1) { TwoGoals() }])
    try trainer.run { _ in }
    let observations = ValueBatch(TwoGoals().observationSpace, count: 1)
    try [Float(1)].store(in: observations, row: 0)
    let answers = ActionBatch(TwoGoals().actionSpace, count: 1, withEstimates: false)
    let policy = try trainer.snapshot().makePolicy()
    var counts = [0.0, 0, 0]
    for seed in 0..<1_000 {
      try policy.act(on: observations, count: 1, masks: nil, choice: .sampled(seed: UInt64(seed)), into: answers)
      let action = try [Float].load(from: answers.actions, row: 0)[0]
      counts[abs(action + 0.6) < 0.3 ? 0 : abs(action - 0.6) < 0.3 ? 1 : 2] += 1
    }
    return counts.map { $0 / 1_000 }
  }

  @Test("soft Q-learning keeps both ways, and a Gaussian one of them")
  func bothGoals() throws {
    let soft = try shares("sql") { $0[SQL.temperature] = 0.2 }
    #expect(soft[0] > 0.2 && soft[1] > 0.2 && soft[2] < 0.35, "\(soft)")
    let gaussian = try shares("sac") { $0[OffPolicySettings.temperatureLearningRate] = 1e-2 }
    #expect(max(gaussian[0], gaussian[1]) > 0.8, "\(gaussian)")
  }
}
