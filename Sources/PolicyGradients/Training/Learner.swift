import Environments
import Kernels
import NeuralNetworks

/// A policy, its value function, and the update that improves both from one batch.
public final class Learner {
  /// The policy.
  public let policy: PolicyNetwork
  /// The value function, where the configuration asks for one.
  public let value: ValueNetwork?
  /// How many updates have been made.
  public internal(set) var updates = 0

  let configuration: Configuration
  /// The order of rows in minibatches.
  var generator: PCG64
  let policyOptimizer: any Optimizer
  let valueOptimizer: (any Optimizer)?
  let loss = PolicyLoss()
  private let backup: ParameterBackup
  let finalValues = Memory<Float>(filledWith: 0)

  /// Creates a policy and a value function, and draws their first numbers from `generator`.
  ///
  /// A helper thread takes a part of large batches, and changes no bit of the results.
  public init(
    _ configuration: Configuration,
    observationWidth: Int,
    distribution: ProductDistribution,
    generator: inout some RandomNumberGenerator,
    usesHelperThread: Bool = false
  ) throws(TrainingError) {
    self.configuration = configuration
    self.generator = RandomStream.minibatches.generator(configuration.seed)
    let (hiddenSizes, activation) = (configuration.hiddenSizes, configuration.activation.function)
    do {
      policy = try PolicyNetwork(
        observationWidth: observationWidth,
        distribution: distribution,
        hiddenSizes: hiddenSizes,
        activation: activation,
        sigmaForm: configuration.sigmaForm
      )
      value =
        configuration.learnsValue
        ? try ValueNetwork(
          observationWidth: observationWidth, hiddenSizes: hiddenSizes, activation: activation,
          helper: usesHelperThread ? HelperThread() : nil) : nil
    } catch {
      throw .unusableSetting(name: "hiddenSizes", value: "\(hiddenSizes)", requirement: "smaller: \(error)")
    }
    policy.initialize(
      configuration.initialization,
      logSigma: configuration.initialLogSigma,
      using: &generator
    )
    value?.initialize(configuration.initialization, using: &generator)
    policyOptimizer = configuration.makeOptimizer(
      count: policy.parameters.count,
      learningRate: configuration.policyLearningRate
    )
    valueOptimizer = value.map {
      configuration.makeOptimizer(count: $0.network.parameterCount, learningRate: configuration.valueLearningRate)
    }
    backup = ParameterBackup([policy.parameters] + (value.map { [$0.network.parameters] } ?? []))
  }

  /// Learns from a batch: weights with the value function as it was, policy steps, then value steps.
  ///
  /// - Parameters:
  ///   - batch: observations, actions, rewards, ends and times; the other arrays are computed here.
  ///   - usedSteps: how many steps of each environment count; nil for all.
  ///   - progress: how much of the run is over, 0 ... 1, for the decay of the learning rates.
  ///   - isMeasured: also computes divergence and entropy after the step, which costs a forward pass.
  /// - Throws: ``TrainingError/diverged(quantity:update:)``; policy and value function are then as they were before.
  public func update(
    _ batch: RolloutBuffer,
    usedSteps: [Int]? = nil,
    progress: Double = 0,
    isMeasured: Bool = true
  ) throws(TrainingError) -> UpdateMetrics {
    var metrics = UpdateMetrics()
    estimateAdvantages(batch, usedSteps: usedSteps)
    let decay = configuration.learningRateDecay == .linear ? 1 - progress : 1
    metrics.learningRate = configuration.policyLearningRate * decay
    policyOptimizer.learningRate = metrics.learningRate
    valueOptimizer?.learningRate = configuration.valueLearningRate * decay
    if value != nil { metrics.explainedVariance = explainedVariance(batch) }
    backup.take()
    do throws(TrainingError) {
      try improve(batch, isMeasured: isMeasured, &metrics)
      guard backup.isFinite else { throw .diverged(quantity: "greatest weight", update: updates) }
    } catch {
      backup.restore()
      throw error
    }
    updates += 1
    return metrics
  }

  private func improve(
    _ batch: RolloutBuffer, isMeasured: Bool, _ metrics: inout UpdateMetrics
  ) throws(TrainingError) {
    let takesMinibatches = configuration.minibatchSize > 0
    if takesMinibatches { batch.shuffle(rows: batch.policyRows, using: &generator) }
    if batch.policyRows > 0 { try improvePolicy(batch, isMeasured: isMeasured, &metrics) }
    // What the value function alone learns from lies behind the rest until now.
    if takesMinibatches, batch.policyRows < batch.learnableRows {
      batch.shuffle(rows: batch.learnableRows, using: &generator)
    }
    try fitValue(batch, &metrics)
  }

  private func improvePolicy(
    _ batch: RolloutBuffer, isMeasured: Bool, _ metrics: inout UpdateMetrics
  ) throws(TrainingError) {
    let limit = configuration.targetDivergence
    let minibatches = configuration.minibatches(rows: batch.policyRows)
    // The form `logarithm` remembers the policy by itself, and the first step has it only where this is false.
    let needsOldPolicy = minibatches.count > 1 || configuration.clipRatio > 0
    if needsOldPolicy { loss.remember(policy, batch) }
    for iteration in 0..<configuration.policyIterations {
      let isFirst = iteration == 0 && !needsOldPolicy
      for (index, rows) in minibatches.enumerated() {
        policy.parameters.zeroGradients()
        let value = loss.accumulateGradients(
          policy, batch, rows: rows, entropyCoefficient: configuration.entropyCoefficient,
          form: isFirst ? .logarithm : configuration.ratioForm)
        let norm = try clip(policy.parameters, "policy's gradient")
        policyOptimizer.step(policy.parameters)
        if iteration == 0, index == 0 { (metrics.policyLoss, metrics.gradientNorm) = (value, norm) }
      }
      let isLast = iteration == configuration.policyIterations - 1
      guard limit > 0 || (isLast && isMeasured) else { continue }
      (metrics.divergence, metrics.entropy) = loss.compare(policy, batch)
      if limit > 0, metrics.divergence > limit { break }
    }
  }

  private func fitValue(_ batch: RolloutBuffer, _ metrics: inout UpdateMetrics) throws(TrainingError) {
    guard let value, let valueOptimizer else { return }
    let minibatches = configuration.minibatches(rows: batch.learnableRows)
    for iteration in 0..<configuration.valueIterations {
      var sum = 0.0
      for rows in minibatches {
        value.network.parameters.zeroGradients()
        let observations = batch.observations + rows.lowerBound * batch.observationWidth
        sum += value.accumulateGradients(observations, targets: batch.targets + rows.lowerBound, rows: rows.count)
        _ = try clip(value.network.parameters, "value function's gradient")
        valueOptimizer.step(value.network.parameters)
      }
      if iteration == 0 { metrics.valueLoss = sum / Double(minibatches.count) }
    }
  }

  private func clip(_ parameters: Parameters, _ quantity: String) throws(TrainingError) -> Double {
    let limit = configuration.maximumGradientNorm
    let norm = limit > 0 ? parameters.clipGradients(toNorm: limit) : parameters.gradientNorm
    guard norm.isFinite else { throw .diverged(quantity: quantity, update: updates) }
    return norm
  }

  /// 1 - Var(target - V) / Var(target): 1 for a perfect value function, 0 for one that is no better than the mean.
  private func explainedVariance(_ batch: RolloutBuffer) -> Double? {
    let rows = batch.learnableRows
    let total = Kernel.variance(batch.targets, count: rows)
    guard total > 0 else { return nil }
    var (sum, squares) = (0.0, 0.0)
    for row in 0..<rows {
      let error = Double(batch.targets[row]) - Double(batch.values[row])
      sum += error
      squares += error * error
    }
    let mean = sum / Double(rows)
    return 1 - (squares / Double(rows) - mean * mean) / total
  }
}

extension Configuration {
  /// The ranges of rows that steps are taken on, of about equal size; the whole batch where no size is set.
  func minibatches(rows: Int) -> [Range<Int>] {
    let count = minibatchSize > 0 ? max(1, (rows + minibatchSize / 2) / minibatchSize) : 1
    return (0..<count).map { $0 * rows / count..<($0 + 1) * rows / count }
  }

  var ratioForm: PolicyLoss.Form { clipRatio > 0 ? .clippedRatio(Float(clipRatio)) : .ratio }

  func makeOptimizer(count: Int, learningRate: Double) -> any Optimizer {
    switch optimizer {
    case .adam: Adam(count: count, learningRate: learningRate)
    case .rmsprop: RMSprop(count: count, learningRate: learningRate, epsilon: 1e-5, form: .tensorFlow)
    case .sgd: SGD(count: count, learningRate: learningRate)
    }
  }
}
