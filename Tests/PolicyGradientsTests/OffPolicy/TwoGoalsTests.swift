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

  @Test("soft Q-learning keeps both ways", arguments: 0..<3)
  func bothGoals(seed: UInt64) throws {
    let shares = try shares("sql") { ($0.seed, $0[SQL.temperature]) = (seed, 1) }
    #expect(shares[0] > 0.3 && shares[1] > 0.3 && shares[2] < 0.15, "\(shares)")
  }

  /// One bell has one top: it stands over one goal, or is so wide that a good part of it is over neither.
  @Test("a squashed Gaussian keeps one way, or misses both with a good part of its actions", arguments: 0..<3)
  func oneGoal(seed: UInt64) throws {
    let shares = try shares("sac") {
      ($0.seed, $0[SAC.learnsTemperature], $0[SAC.initialTemperature]) = (seed, false, 0.05)
    }
    #expect(max(shares[0], shares[1]) > 0.8 || shares[2] > 0.25, "\(shares)")
  }
}
