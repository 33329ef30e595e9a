import Environments
import Kernels
import NeuralNetworks

/// Soft actor-critic for a Discrete, where expectations over actions are sums and nothing is drawn to learn.
///
/// Christodoulou 2019 (arXiv 1910.07207). What a mask forbids has probability 0 in every sum.
///
///     after every step, with o, a, r, o′ drawn from the replay:
///       y ← r + γ Σ_b π(b|o′) (min_j Q̄_j(o′, b) - α ln π(b|o′))
///       each Q_i descends (Q_i(o, a) - y)²
///       π descends Σ_b π(b|o) (α ln π(b|o) - min_j Q_j(o, b))
///       α descends ln α (H(π(·|o)) - H̄),  H̄ = 0.2 ln n times `target-entropy-scale`
///       each Q̄_i ← Q̄_i + τ (Q_i - Q̄_i)
///
/// The paper's H̄ is 0.98 ln n, with which two actions are never far from a coin (a scale of 4.9 here).
final class DiscreteSAC: OffPolicyAlgorithm {
  let network: MLP
  let head: PolicyHead
  private let optimizer: any Optimizer
  private let gradients: HalvedGradients
  private let critics: CriticLearner
  private let temperature: Temperature
  private let halves: Halves
  private let (observationWidth, choices): (Int, Int)
  private let (targetRate, priorityExponent): (Double, Double)
  private let targetEntropy: Double
  private let rates: LearningRates
  private let workspaces = [Activations(), Activations()]
  /// Of each row: ln π and min Q of every choice, and the gradient of the logits.
  private let (logs, values, logitGradients) = (
    Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)
  )
  /// Of each row: its entropy and Σ π Q.
  private let (entropies, worths) = (Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0))

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    (observationWidth, choices) = (task.observationWidth, task.units.choices)
    halves = Halves(helper: task.helper)
    head = .choice(choices)
    network = try settings.policyNetwork(inputs: observationWidth, outputs: choices, using: &generator)
    optimizer = settings.policyOptimizer(count: network.parameterCount)
    gradients = HalvedGradients(of: network.parameters)
    critics = try settings.critics(
      count: 2, inputWidth: observationWidth, outputs: choices, halves: halves, using: &generator)
    temperature = Temperature(settings)
    (targetRate, priorityExponent) = (
      settings[OffPolicySettings.targetRate], settings[OffPolicySettings.priorityExponent]
    )
    targetEntropy = 0.2 * Double(logarithm(Float(choices))) * settings[SAC.targetEntropyScale]
    rates = LearningRates([optimizer, critics.optimizer, temperature.optimizer])
  }

  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    let sample = experience.draw()
    let (rows, alpha, n) = (sample.rows, temperature.value, choices)
    for memory in [logs, values, logitGradients] { memory.reserve(rows * n) }
    for memory in [entropies, worths] { memory.reserve(rows) }
    let (logs, values, logitGradients) = (logs.pointer, values.pointer, logitGradients.pointer)
    let (entropies, worths) = (entropies.pointer, worths.pointer)

    let loss = critics.fit(sample.observations, sample, choices: sample.actions) { [self] half, range, y in
      let first = range.lowerBound
      let observations = sample.nextObservations + first * observationWidth
      judge(observations, sample.nextMasks, range, half, into: logs)
      critics.leastTarget(observations, rows: range.count, half: half, into: values + first * n)
      for row in range {
        let (entropy, worth) = ChoiceExpectation.of(logs + row * n, values + row * n, n)
        y[row] = sample.rewards[row] + sample.discounts[row] * (worth + alpha * entropy)
      }
    }
    try TrainingError.requireFinite(loss, "loss of the critics")
    experience.note(errors: critics.errors, exponent: priorityExponent)

    gradients.zero()
    halves.run(rows: rows) { [self] half, range in
      let first = range.lowerBound
      let observations = sample.observations + first * observationWidth
      judge(observations, sample.masks, range, half, into: logs)
      critics.leastValue(observations, rows: range.count, half: half, into: values + first * n)
      for row in range {
        (entropies[row], worths[row]) = ChoiceExpectation.gradient(
          logs + row * n, values + row * n, n, temperature: alpha, weight: 1 / Float(rows),
          into: logitGradients + row * n)
      }
      network.backward(
        logitGradients + first * n, input: observations, workspaces[half], into: gradients.pointer(half),
        inputGradient: nil)
    }
    let (meanEntropy, meanWorth) = (mean(entropies, rows), mean(worths, rows))
    try TrainingError.requireFinite(meanEntropy + meanWorth, "loss of the policy")
    gradients.join()
    optimizer.step(network.parameters)
    temperature.step(excess: targetEntropy - meanEntropy)
    critics.critics.followTargets(rate: targetRate)

    (metrics["q_loss"], metrics["q_mean"]) = (loss, critics.meanValue)
    (metrics["policy_loss"], metrics["entropy"]) = (-Double(alpha) * meanEntropy - meanWorth, meanEntropy)
    metrics["alpha"] = Double(alpha)
  }

  /// Writes ln π of every choice for some rows.
  private func judge(
    _ observations: UnsafePointer<Float>, _ masks: UnsafePointer<UInt8>?, _ range: Range<Int>, _ half: Int,
    into logs: UnsafeMutablePointer<Float>
  ) {
    let z = network.forward(observations, rows: range.count, workspaces[half])
    if let masks {
      for (place, row) in range.enumerated() { head.apply(mask: masks + row * choices, to: z + place * choices) }
    }
    Kernel.logSoftmax(z, rows: range.count, columns: choices, into: logs + range.lowerBound * choices)
  }

  var parts: [Part] {
    [.parameters("policy", network.parameters), .optimizer("policy optimizer", optimizer)] + critics.parts
      + temperature.parts
  }
}
