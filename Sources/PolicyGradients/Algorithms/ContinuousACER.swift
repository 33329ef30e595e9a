import Environments
import Kernels
import NeuralNetworks

/// Actor-critic with experience replay, for a Box.
///
/// Wang et al. 2017 (arXiv 1611.01224), algorithm 3. What is a sum over choices for a Discrete is a sample here, and Q a
/// stochastic dueling network, so that V is learned beside it. d is the number of an action's numbers.
///
///     after every k steps of each sub-environment, for each batch of these and for Poisson(r) batches of the replay after it:
///       a′, u_1 ... u_n ~ π(·|o),   Q̃(o, a) ← V(o) + A(o, a) - mean_i A(o, u_i),   ρ ← π(a|o)/μ(a|o)
///       Q^ret_t ← r_t + γ (min(1, ρ^{1/d}) (Q^ret - Q̃) + V)_{t+1},   Q^opc_t ← r_t + γ (Q^opc - Q̃ + V)_{t+1}
///       g ← min(c, ρ) ∇ ln π(a|o) (Q^opc - V) + [1 - c/ρ(a′)]₊ ∇ ln π(a′|o) (Q̃(o, a′) - V) + β ∇H(π(·|o))
///       z* ← g - max(0, (kᵀg - δ)/‖k‖²) k,  k = ∇ KL(π_avg(·|o) ‖ π(·|o))
///       θ ascends mean(z*),  θ_avg ← α θ_avg + (1 - α) θ
///       Q̃ descends mean((Q̃(o, a) - Q^ret)²),  V descends mean((V(o) - (min(1, ρ) (Q^ret - Q̃) + V))²)
///
/// Differences from the paper: π is a Gaussian squashed by tanh, with a σ that is learned, where there it is 0.3 and nothing
/// squashed; g, k and z* are with respect to μ and ln σ before the squashing, which no ratio and no divergence depends on.
final class ContinuousACER: OffPolicyAlgorithm {
  let network: MLP
  let head: PolicyHead
  private let policy: AveragedPolicy
  private let critic: DuelingCritic
  private let halves: Halves
  private let rule: ACERRule
  private let gaussian: DiagonalGaussian
  private let family: SquashedGaussian
  private let rates: LearningRates
  private let batch: TrajectoryBatch
  private let noise = SampleNoise()
  /// Of each row: the parameters of π, π_avg and μ, and the gradient of π's.
  private let (parameters, averages, gradients) = (
    Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)
  )
  /// Of each row: a and a′ before the squashing, and ρ(a′), Q̃(o, a′), Q^opc, and the gradients of Q̃ and V.
  private let (numbers, otherNumbers) = (Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0))
  private let (otherRatios, otherValues, plainTargets) = (
    Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)
  )
  private let (actionGradients, valueGradients) = (Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0))
  private let rows = ACERRows()

  private var width: Int { gaussian.dimensions }

  static func distributionWidth(_ units: ActionUnits) -> Int { 2 * units.width }

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    gaussian = DiagonalGaussian(dimensions: task.actionWidth)
    family = SquashedGaussian(dimensions: task.actionWidth)
    halves = Halves(helper: task.helper)
    head = .squashed(task.actionWidth)
    let rule = ACERRule(settings)
    self.rule = rule
    network = try settings.policyNetwork(inputs: task.observationWidth, outputs: head.outputs, using: &generator)
    policy = try rule.averagedPolicy(network, settings)
    critic = try DuelingCritic(
      observationWidth: task.observationWidth, actionWidth: task.actionWidth,
      samples: settings[ACER.duelingSamples], hiddenSizes: settings[NetworkSettings.hiddenSizes],
      activation: settings[NetworkSettings.activation].function
    ) { rule.criticDescent($0, settings) }
    critic.initialize(settings[NetworkSettings.initialization], using: &generator)
    rates = LearningRates([policy.descent.optimizer, critic.descent.optimizer])
    batch = TrajectoryBatch(
      ReplayLayout(
        capacity: 0, observationWidth: task.observationWidth, actionWidth: task.actionWidth,
        distributionWidth: 2 * task.actionWidth))
  }

  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    try experience.visitFreshAndReplayed(length: rule.length, ratio: rule.replayRatio, in: batch) {
      () throws(TrainingError) in try learn(&experience.generator, &metrics)
    }
  }

  /// One step of policy and critic on the batch.
  private func learn(_ generator: inout PCG64, _ metrics: inout Metrics) throws(TrainingError) {
    for memory in [parameters, averages, gradients] { memory.reserve(2 * width * batch.rows) }
    for memory in [numbers, otherNumbers] { memory.reserve(width * batch.rows) }
    for memory in [otherRatios, otherValues, plainTargets, actionGradients, valueGradients] {
      memory.reserve(batch.rows)
    }
    rows.reserve(batch.rows)
    // n samples for the mean of A, and one more is a′.
    noise.draw((critic.samples + 1) * width * batch.rows, using: &generator)
    halves.run(rows: batch.rows) { [self] half, range in judge(half, range) }
    rule.retrace.estimate(
      batch, values: rows.values, actionValues: rows.actionValues, traces: rows.traces, into: rows.targets)
    rule.retrace.estimate(
      batch, values: rows.values, actionValues: rows.actionValues, traces: nil, into: plainTargets.pointer)
    policy.descent.zero()
    critic.descent.zero()
    halves.run(rows: batch.rows) { [self] half, range in accumulate(half, range) }
    rows.measure(batch, rule, &metrics)
    metrics["grad_norm"] = try policy.step()
    try critic.descent.step("gradient of the critic")
  }

  /// The noise of sample `index` of a row; the last is that of a′.
  private func noise(_ index: Int, row: Int) -> UnsafeMutablePointer<Float> {
    noise.first + (index * batch.rows + row) * width
  }

  /// Writes the parameters of π, V, Q̃, and how π and μ differ about a and a′.
  private func judge(_ half: Int, _ range: Range<Int>) {
    let (first, count) = (range.lowerBound, range.count)
    let observations = batch.observations + first * network.inputSize
    let z = parameters.pointer + 2 * width * first
    z.update(from: policy.forward(observations, rows: count, half: half), count: 2 * width * count)
    (averages.pointer + 2 * width * first).update(
      from: policy.forwardAverage(observations, rows: count, half: half), count: 2 * width * count)
    let (own, stride) = critic.actions(0, rows: count, half: half)
    for (place, row) in range.enumerated() {
      (own + place * stride).update(from: batch.actions + row * width, count: width)
    }
    for index in 1...critic.samples {
      let target = critic.actions(index, rows: count, half: half).pointer
      family.sample(
        z, noise: noise(index - 1, row: first), rows: count, into: target, stride: stride, logProbabilities: nil)
    }
    let others = critic.otherActions(rows: count, half: half).pointer
    family.sample(
      z, noise: noise(critic.samples, row: first), rows: count, into: others, stride: stride, logProbabilities: nil)
    critic.judge(
      observations, rows: count, half: half, values: rows.values + first, actionValues: rows.actionValues + first,
      otherValues: otherValues.pointer + first)
    for (place, row) in range.enumerated() {
      compare(row, own + place * stride, others + place * stride)
    }
  }

  /// Clips every ln σ of a row where the family does, and compares π with μ about a and a′.
  private func compare(_ row: Int, _ action: UnsafePointer<Float>, _ other: UnsafePointer<Float>) {
    let (z, average, mu) = (
      parameters.pointer + 2 * width * row, averages.pointer + 2 * width * row,
      batch.distributions + 2 * width * row
    )
    let (x, y) = (numbers.pointer + width * row, otherNumbers.pointer + width * row)
    for index in 0..<width {
      for distribution in [z, average, mu] {
        distribution[width + index] = SquashedGaussian.clipped(distribution[width + index])
      }
      (x[index], y[index]) = (SquashedGaussian.unsquashed(action[index]), SquashedGaussian.unsquashed(other[index]))
    }
    let isKnown = !mu[0].isNaN
    let log = gaussian.logProbability(z, of: x)
    let ratio = log - gaussian.logProbability(mu, of: x)
    rows.logProbabilities[row] = log
    rows.ratios[row] = isKnown ? exponential(ratio) : 0
    rows.traces[row] = isKnown ? min(1, exponential(ratio / Float(width))) : 0
    otherRatios.pointer[row] =
      isKnown ? exponential(gaussian.logProbability(z, of: y) - gaussian.logProbability(mu, of: y)) : .infinity
  }

  /// Adds the gradients of some rows.
  private func accumulate(_ half: Int, _ range: Range<Int>) {
    let (first, count, scale) = (range.lowerBound, range.count, 1 / Float(batch.steps))
    let (gradients, actionGradients, valueGradients) = (
      gradients.pointer, actionGradients.pointer, valueGradients.pointer
    )
    (gradients + 2 * width * first).update(repeating: 0, count: 2 * width * count)
    (actionGradients + first).update(repeating: 0, count: count)
    (valueGradients + first).update(repeating: 0, count: count)
    for row in range where batch.isTransition[row] {
      addPolicyGradient(row, rows.divergenceGradient(half, width: 2 * width), scale)
      let error = rows.targets[row] - rows.actionValues[row]
      actionGradients[row] = -2 * scale * error
      valueGradients[row] = -2 * scale * min(1, rows.ratios[row]) * error
    }
    let observations = batch.observations + first * network.inputSize
    policy.accumulate(gradients + 2 * width * first, observations, half: half)
    critic.accumulate(
      observations, rows: count, half: half, actionGradient: actionGradients + first,
      valueGradient: valueGradients + first)
  }

  /// Writes -z* of a row, scaled.
  private func addPolicyGradient(_ row: Int, _ k: UnsafeMutablePointer<Float>, _ scale: Float) {
    let (z, average, gradient) = (
      parameters.pointer + 2 * width * row, averages.pointer + 2 * width * row, gradients.pointer + 2 * width * row
    )
    let (ratio, value) = (rows.ratios[row], rows.values[row])
    gaussian.addGradient(
      z, of: numbers.pointer + width * row, weight: rule.importance.weight(ratio) * (plainTargets[row] - value),
      entropyWeight: 0, into: gradient)
    gaussian.addGradient(
      z, of: otherNumbers.pointer + width * row,
      weight: rule.importance.correction(otherRatios[row]) * (otherValues[row] - value), entropyWeight: 0,
      into: gradient)
    rows.entropies[row] = family.addEntropyGradient(
      z, noise: noise(0, row: row), stride: batch.rows * width, samples: critic.samples,
      weight: rule.entropyCoefficient, into: gradient)
    rows.divergences[row] = gaussian.divergence(from: average, to: z)
    k.update(repeating: 0, count: 2 * width)
    gaussian.addDivergenceGradient(from: average, to: z, weight: 1, into: k)
    rule.divergenceLimit.apply(to: gradient, divergenceGradient: k, count: 2 * width)
    for index in 0..<2 * width { gradient[index] *= -scale }
    // Where ln σ is clipped, the network's output changes nothing.
    for index in width..<2 * width where !SquashedGaussian.isInside(z[index]) { gradient[index] = 0 }
  }

  var parts: [Part] { policy.parts + critic.parts }
}
