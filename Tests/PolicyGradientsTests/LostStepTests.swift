import Environments
import NeuralNetworks
import Testing

@testable import PolicyGradients

/// Sub-environments of which one fails in some steps, and begins anew.
private final class FailingEnvironment: VectorEnvironment {
  private let inner: LocalVectorEnvironment
  private let failures: [Int: [Int]]
  private var steps = 0
  private(set) var restartCount = 0

  /// - Parameter failures: the rows that fail, by number of the step, counted from 1.
  init(_ inner: LocalVectorEnvironment, failures: [Int: [Int]]) {
    (self.inner, self.failures) = (inner, failures)
  }

  var spec: EnvironmentSpec { inner.spec }
  var observationSpace: Space { inner.observationSpace }
  var actionSpace: Space { inner.actionSpace }
  var count: Int { inner.count }
  var outcome: StepBatch { inner.outcome }
  func reset(seed: UInt64?, options: [String: PlainValue]) throws { try inner.reset(seed: seed, options: options) }
  func beginStep(_ actions: ValueBatch) throws { try inner.beginStep(actions) }

  func finishStep() throws {
    inner.finishStep()
    outcome.clearInterruptions()
    steps += 1
    for row in failures[steps] ?? [] {
      outcome.lose(row..<row + 1)
      restartCount += 1
    }
  }
}

@Suite("Steps that a failed environment has not answered")
struct LostStepTests {
  @Test("are left out of a batch, and the step before is bootstrapped from the observation that was seen last")
  func batch() {
    /// Two environments; that of row 1 fails in its third step, if `isLost`, or is cut after its second.
    func advantages(isLost: Bool) -> [Float] {
      let batch = RolloutBuffer(environments: 2, observationWidth: 1, actionWidth: 1, steps: 4)
      batch.steps = 4
      for row in 0..<8 {
        batch.observations[row] = Float(row)
        batch.rewards[row] = Float(row + 1)
        batch.ends[row] = .none
        batch.values[row] = Float(10 * row)
        batch.nextValues[row] = row < 6 ? Float(10 * (row + 2)) : 90
      }
      if isLost { batch.lose(row: 5) } else { batch.ends[3] = .truncated }
      if isLost {
        #expect(batch.finalRows == [3], "the second step's end")
        #expect(batch.finalObservationMemory[0] == 5, "the observation of the third step, which has no answer")
      }
      // V of that observation, as the value function would give it.
      batch.nextValues[3] = 50
      batch.estimateGeneralizedAdvantages(discount: 0.9, lambda: 0.5)
      batch.selectRows()
      return (0..<batch.learnableRows).map { batch.advantages[$0] }
    }
    var whole = advantages(isLost: false)
    whole.remove(at: 5)
    #expect(advantages(isLost: true) == whole)
  }

  @Test("are no transitions of a replay, which bootstraps the step before from the observation that was seen last")
  func replay() throws {
    var settings = (try #require(AlgorithmCatalog.algorithm(named: "td3"))).defaults
    settings[OffPolicySettings.learningStarts] = 1000
    settings[RunSettings.epochs] = 1
    settings[RunSettings.stepsPerEpoch] = 40
    settings[OffPolicySettings.stepsPerUpdate] = 20
    let environment = FailingEnvironment(vector(2) { TargetTask() }, failures: [3: [0], 4: [0, 1], 9: [1]])
    let trainer = try Trainer(settings, environments: [environment])
    var metrics: [EpochMetrics] = []
    try trainer.run { metrics.append($0) }
    #expect(trainer.environmentSteps == 40 - 4 && metrics.last?.restarts == 4)
    let agent = try #require(trainer.agent as? OffPolicyAgent)
    let replay = agent.experience.replay
    #expect(replay.count == 40 - 4)
    // Of each lane: what follows a transition is what was seen after it, and no step crosses a failure.
    let sample = ReplaySample()
    var generator = PCG64(seed: 1)
    _ = replay.sample(500, steps: 5, discount: 1, into: sample, using: &generator)
    for row in 0..<sample.rows { #expect(sample.discounts[row] == 1, "nothing here terminates") }
  }

  @Test("cut their episodes, whose returns are counted nowhere", arguments: AlgorithmCatalog.names(.onPolicy))
  func tally(name: String) throws {
    var settings = try #require(AlgorithmCatalog.algorithm(named: name)).defaults
    settings.stepsPerEpoch = 60
    settings.minimumHorizon = 20
    settings[RunSettings.epochs] = 2
    // Ten steps make an episode: the third fails, in which two have passed, and the first of the next one.
    let environment = FailingEnvironment(vector(3) { IdentityTask() }, failures: [3: [0, 2], 4: [2], 24: [1]])
    let trainer = try Trainer(settings, environments: [environment])
    var metrics: [EpochMetrics] = []
    try trainer.run { metrics.append($0) }
    #expect(metrics.map(\.restarts).reduce(0, +) == 4)
    #expect(metrics.map(\.cutEpisodes).reduce(0, +) >= 3)
    if name == "vpg" {
      #expect(metrics.map(\.restarts) == [3, 1])
      #expect(metrics.map(\.cutEpisodes) == [2, 1], "an episode without an answered step was none")
      #expect(trainer.environmentSteps == 120 - 4)
    }
    #expect(trainer.agent.updates > 0)
  }

  @Test("do not stop an algorithm that learns from each step of one environment")
  func onlyStep() throws {
    var settings = try #require(AlgorithmCatalog.algorithm(named: "actor-critic")).defaults
    settings.stepsPerEpoch = 30
    settings[RunSettings.epochs] = 1
    let trainer = try Trainer(
      settings, environments: [FailingEnvironment(vector(1) { IdentityTask() }, failures: [1: [0], 7: [0], 8: [0]])])
    try trainer.run { metrics in #expect(metrics.restarts == 3) }
    #expect(trainer.agent.snapshot(environmentSteps: 0).policy.allSatisfy { $0.biases.allSatisfy(\.isFinite) })
  }

  @Test("are played again in an evaluation, which comes to the same result")
  func evaluation() throws {
    let policy = try Trainer(
      AlgorithmCatalog.standard.defaults, environments: [vector(1) { IdentityTask() }]
    ).snapshot().makePolicy()
    func run(_ failures: [Int: [Int]]) throws -> Evaluation {
      try Evaluation.run(
        policy, in: FailingEnvironment(vector(4) { IdentityTask() }, failures: failures), episodes: 6, seed: 5,
        isDeterministic: false)
    }
    let whole = try run([:])
    var repeated = try run([2: [0, 3], 9: [0, 1], 13: [3], 25: [1]])
    #expect(repeated.repeatedEpisodes > 3)
    repeated.repeatedEpisodes = 0
    #expect(repeated == whole)
  }
}
