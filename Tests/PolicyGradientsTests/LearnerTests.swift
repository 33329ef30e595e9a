import Environments
import PolicyGradients
import Testing

@Suite("The learner")
struct LearnerTests {
  private func agent(
    _ name: String = "vpg", _ change: (inout SettingValues) -> Void = { _ in }
  ) throws -> OnPolicyAgent {
    let settings = configuration(name) {
      $0.hiddenSizes = [8]
      $0.initialization = .torch
      change(&$0)
    }
    return try onPolicyAgent(settings, observationWidth: 2, actionSpace: .discrete(Discrete(3)))
  }

  private func learner() throws -> Learner { try agent().learner }

  /// Learns from a batch as an agent does that has collected it.
  @discardableResult
  private func update(_ agent: OnPolicyAgent, _ batch: RolloutBuffer) throws -> Metrics {
    var metrics = Metrics()
    agent.learner.setRates(progress: 0, &metrics)
    try agent.algorithm.update(batch, &metrics)
    return metrics
  }

  private func value(_ learner: Learner, of observation: UnsafePointer<Float>) -> Float {
    var result: Float = .nan
    learner.value?.evaluate(observation, rows: 1, into: &result)
    return result
  }

  /// Two steps of one environment with these ends; the final observation of the first is (3, 4).
  private func batch(_ ends: [EpisodeEnd]) -> RolloutBuffer {
    let batch = RolloutBuffer(environments: 1, observationWidth: 2, actionWidth: 1, steps: 2)
    batch.steps = 2
    for (index, number) in ([0.1, 0.2, -0.3, 0.5] as [Float]).enumerated() { batch.observations[index] = number }
    for (index, number) in ([0.7, -0.6] as [Float]).enumerated() { batch.lastObservations[index] = number }
    for (index, end) in ends.enumerated() {
      batch.rewards[index] = 1
      batch.ends[index] = end
      batch.actions[index] = 0
      guard end == .truncated else { continue }
      let final = batch.appendFinalObservation(ofRow: index)
      (final[0], final[1]) = (3, 4)
    }
    return batch
  }

  @Test("a truncated episode bootstraps from V of the final observation, and not of the next episode's first")
  func truncation() throws {
    let learner = try learner()
    let batch = batch([.truncated, .none])
    estimateAdvantages(learner, batch)
    #expect(batch.nextValues[0] == value(learner, of: [3, 4]))
    #expect(batch.nextValues[0] != batch.values[1])
  }

  @Test("a terminated episode bootstraps from nothing, also at the end of the batch")
  func termination() throws {
    let batch = batch([.terminated, .terminated])
    try estimateAdvantages(learner(), batch)
    #expect(batch.nextValues[0] == 0 && batch.nextValues[1] == 0)
  }

  @Test("an episode that the batch cuts bootstraps from V of the observation after its last step")
  func cut() throws {
    let learner = try learner()
    let batch = batch([.none, .none])
    estimateAdvantages(learner, batch)
    #expect(batch.nextValues[0] == batch.values[1])
    #expect(batch.nextValues[1] == value(learner, of: [0.7, -0.6]))
    #expect(batch.values[1] == value(learner, of: [-0.3, 0.5]))
  }

  @Test("a truncation in the last step of the batch is a truncation, not a cut")
  func truncationAtTheCut() throws {
    let learner = try learner()
    let batch = batch([.none, .truncated])
    estimateAdvantages(learner, batch)
    #expect(batch.nextValues[1] == value(learner, of: [3, 4]))
  }

  @Test("without a value function nothing is added where an episode was cut")
  func withoutValue() throws {
    let batch = batch([.truncated, .none])
    try update(agent("reinforce-rtg"), batch)
    #expect(batch.advantages[0] == 1 && batch.advantages[1] == 1)
  }

  @Test("normalised advantages have mean 0 and standard deviation 1")
  func normalization() throws {
    let learner = try learner()
    let batch = randomBatch(for: learner.policy, observationWidth: 2, steps: 50)
    estimateAdvantages(learner, batch)
    let advantages = (0..<batch.rows).map { Double(batch.advantages[$0]) }
    let mean = advantages.reduce(0, +) / 100
    #expect(abs(mean) < 1e-6)
    #expect(abs(advantages.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 100 - 1) < 1e-4)
  }

  @Test("the average baseline leaves weights of mean 0")
  func averageBaseline() throws {
    let agent = try agent("reinforce") { $0[Reinforce.baseline] = .average }
    let batch = randomBatch(for: agent.learner.policy, observationWidth: 2, steps: 50)
    try update(agent, batch)
    #expect(abs((0..<batch.rows).reduce(0) { $0 + Double(batch.advantages[$1]) }) < 1e-4)
  }

  @Test("the optimal baseline makes the variance of the gradient less than any constant nearby")
  func optimalBaseline() throws {
    let learner = try agent("reinforce-rtg").learner
    let batch = randomBatch(for: learner.policy, observationWidth: 2, steps: 50)
    batch.estimateRewardsToGo(discount: 1)
    batch.selectRows()
    let best = OptimalBaseline.estimate(learner.policy, batch)
    // The second moment of (Φ - b)·∇ln π, whose gradients by row come from the policy itself.
    let (policy, workspace) = (learner.policy, PolicyWorkspace())
    let norms = (0..<batch.rows).map { row in
      policy.parameters.zeroGradients()
      policy.accumulateGradients(batch.observations + 2 * row, rows: 1, workspace) { _, z, gradient in
        policy.distribution.addGradient(z, of: batch.actions + row, weight: 1, entropyWeight: 0, into: gradient)
      }
      return policy.parameters.gradientNorm
    }
    func moment(_ baseline: Double) -> Double {
      (0..<batch.rows).reduce(0) { sum, row in
        let weight = Double(batch.advantages[row]) - baseline
        return sum + norms[row] * norms[row] * weight * weight
      }
    }
    #expect(best != 0)
    #expect(moment(best) < moment(best + 0.01) && moment(best) < moment(best - 0.01))
  }

  @Test("an update raises the probability of what had a positive weight")
  func direction() throws {
    let agent = try agent("reinforce") { $0.policyLearningRate = 0.01 }
    let learner = agent.learner
    let batch = batch([.terminated, .terminated])
    let workspace = PolicyWorkspace()
    func probability() -> Float {
      let parameters = learner.policy.forward(batch.observations, rows: 2, workspace)
      return learner.policy.distribution.logProbability(parameters, of: batch.actions)
    }
    let before = probability()
    let metrics = try update(agent, batch)
    #expect(probability() > before)
    #expect(metrics["kl"] ?? 0 > 0)
    #expect(metrics["grad_norm"] ?? 0 > 0)
    #expect(metrics["explained_variance"] == nil)
  }

  @Test("a value function fitted to its targets explains their variance")
  func explainedVariance() throws {
    let agent = try agent {
      $0.valueIterations = 500
      $0.valueLearningRate = 0.02
      $0.discount = 0
      $0.learningRateDecay = .none
    }
    let batch = randomBatch(for: agent.learner.policy, observationWidth: 2, steps: 10)
    for row in 0..<batch.rows { batch.rewards[row] = 3 * batch.observations[2 * row] }
    let before = try update(agent, batch)["explained_variance"]
    let after = try update(agent, batch)["explained_variance"]
    #expect(try #require(before) < 0.5)
    #expect(try #require(after) > 0.95)
  }

  @Test("further policy steps on a batch stop at the target divergence")
  func targetDivergence() throws {
    func divergence(_ target: Double) throws -> Double {
      let agent = try agent("ppo") {
        ($0.clipRatio, $0.minibatchSize) = (0, 0)
        $0.policyIterations = 50
        $0.policyLearningRate = 0.02
        $0.targetDivergence = target
      }
      let batch = randomBatch(for: agent.learner.policy, observationWidth: 2, steps: 50)
      return try #require(try update(agent, batch)["kl"])
    }
    #expect(try divergence(0) > 0.1)
    #expect(try divergence(0.01) < 0.1)
  }

  @Test("a clipped ratio keeps many steps on a batch near the policy that collected it")
  func clippedRatio() throws {
    func divergence(_ limit: Double) throws -> Double {
      let agent = try agent("ppo") {
        ($0.clipRatio, $0.minibatchSize) = (0, 0)
        $0.policyIterations = 50
        $0.policyLearningRate = 0.01
        $0.clipRatio = limit
      }
      let batch = randomBatch(for: agent.learner.policy, observationWidth: 2, steps: 50)
      return try #require(try update(agent, batch)["kl"])
    }
    #expect(try divergence(0) > 4 * divergence(0.05))
  }

  @Test("the clipped ratio of each update's first step on a whole batch is 1")
  func ratioBeginsAtOne() throws {
    let agent = try agent("ppo") {
      $0.minibatchSize = 0
      $0.policyIterations = 5
      $0.policyLearningRate = 0.1
      $0.clipRatio = 0.2
    }
    for _ in 0..<3 {
      // With a ratio of 1 the loss is the mean of normalised advantages, which is 0.
      let metrics = try update(agent, randomBatch(for: agent.learner.policy, observationWidth: 2, steps: 50))
      #expect(abs(try #require(metrics["policy_loss"])) < 1e-5)
    }
  }

  @Test("minibatches take every row once in each pass, in an order that the seed gives")
  func minibatches() throws {
    let learner = try learner()
    let batch = randomBatch(for: learner.policy, observationWidth: 2, steps: 20)
    estimateAdvantages(learner, batch)
    func rows() -> [[Float]] {
      (0..<batch.rows).map {
        [
          batch.observations[2 * $0], batch.observations[2 * $0 + 1], batch.actions[$0], batch.advantages[$0],
          batch.targets[$0],
        ]
      }
    }
    let before = rows()
    var generator = PCG64(seed: 4)
    batch.shuffle(rows: batch.rows, using: &generator)
    let after = rows()
    #expect(before != after)
    #expect(Set(before) == Set(after))
  }

  @Test("one step on the whole batch is the same as one on a single minibatch of it")
  func singleMinibatch() throws {
    func policy(_ size: Int) throws -> [Float] {
      let agent = try agent("ppo") {
        $0.minibatchSize = size
        $0.policyIterations = 1
        $0.optimizer = .sgd
      }
      try update(agent, randomBatch(for: agent.learner.policy, observationWidth: 2, steps: 20))
      return agent.learner.policy.parameters.array
    }
    // The order of summation differs.
    for (whole, shuffled) in zip(try policy(0), try policy(40)) { #expect(abs(whole - shuffled) < 1e-6) }
  }

  @Test(
    "an update that goes wrong halfway leaves all that is learned as it was",
    arguments: ["vpg", "a2c", "ppo", "trpo", "ppo-penalty"])
  func undone(name: String) throws {
    // The steps of the value function come last, and after the first it gives no finite numbers any more.
    let settings = configuration(name) {
      $0.valueLearningRate = 1e3
      $0.valueIterations = 10_000
      $0[OptimizationSettings.maximumGradientNorm] = 0
      $0.optimizer = .sgd
      $0.hiddenSizes = [8]
    }
    let trainer = try Trainer(settings, environments: [vector(1) { TargetTask() }])
    func numbers() -> [PartState] { trainer.agent.parts.filter { $0.parameters != nil }.map { $0.state() } }
    let before = numbers()
    #expect(before.count == 2)
    #expect(throws: TrainingError.self) { try trainer.run { _ in } }
    #expect(numbers() == before)
    #expect(trainer.agent.updates == 0)
  }

  @Test("a deviation that runs away is told, and an ordinary one is not")
  func runawayDeviation() throws {
    func concern(_ rate: Double) throws -> String? {
      let settings = configuration("ppo") {
        ($0.epochs, $0.stepsPerEpoch, $0.policyLearningRate) = (8, 200, rate)
        $0.learningRateDecay = .none
        // Every action is worth the same, but for a bonus for entropy.
        $0.entropyCoefficient = 1
      }
      let trainer = try Trainer(settings, environments: [vector(1) { TargetTask() }])
      try trainer.run { _ in }
      return trainer.agent.concern
    }
    #expect(try concern(1e-4) == nil)
    #expect(try #require(try concern(0.1)).contains("--lr-decay linear"))
  }

  @Test("numbers that run away are reported instead of spread")
  func divergedNumbers() throws {
    let agent = try agent()
    let batch = batch([.none, .none])
    batch.rewards[0] = 1e38
    batch.rewards[1] = -1e38
    batch.observations[0] = 3e38
    #expect(throws: TrainingError.self) { try update(agent, batch) }
    let areFinite = agent.learner.policy.parameters.array.map(\.isFinite)
    #expect(!areFinite.contains(false))
  }
}
