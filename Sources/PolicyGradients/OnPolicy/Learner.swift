import Environments
import Kernels
import NeuralNetworks

/// A policy, perhaps a value function, and the steps that improve them: what on-policy algorithms are composed of.
///
/// An update evaluates the batch, estimates weights and targets (``RolloutBuffer``), prepares the rows that are learned
/// from, steps the policy and fits the value function; which of these and how often is what makes an algorithm.
public final class Learner {
  /// The policy.
  public let policy: PolicyNetwork
  /// The value function, where one is learned.
  public let value: ValueNetwork?
  /// How many updates have been made.
  public internal(set) var updates = 0

  /// The order of rows in minibatches.
  var generator: PCG64
  /// What steps the policy, where its algorithm has a learning rate for it.
  let policyOptimizer: (any Optimizer)?
  let valueOptimizer: (any Optimizer)?
  let loss = PolicyLoss()
  private let finalValues = Memory<Float>(filledWith: 0)
  private let rates: (policy: Double, value: Double, decay: LearningRateDecay)
  private let maximumGradientNorm: Double
  let entropyCoefficient: Double
  private let normalizesAdvantages: Bool
  private let valueIterations: Int

  /// Creates a policy and a value function, and draws their first numbers from `generator`.
  public init(
    _ settings: SettingValues, for task: AgentTask, learnsValue: Bool, generator: inout some RandomNumberGenerator
  ) throws(TrainingError) {
    typealias Optimization = OptimizationSettings
    self.generator = RandomStream.minibatches.generator(settings.seed)
    let stepsByGradient = settings.declares(Optimization.policyLearningRate)
    rates = (
      stepsByGradient ? settings[Optimization.policyLearningRate] : 0,
      learnsValue ? settings[Optimization.valueLearningRate] : 0, settings[Optimization.learningRateDecay]
    )
    maximumGradientNorm = settings[Optimization.maximumGradientNorm]
    entropyCoefficient = settings[Optimization.entropyCoefficient]
    normalizesAdvantages = settings[OnPolicySettings.normalizesAdvantages]
    valueIterations = learnsValue ? settings[Optimization.valueIterations] : 0
    let hiddenSizes = settings[NetworkSettings.hiddenSizes]
    let activation = settings[NetworkSettings.activation].function
    do {
      policy = try PolicyNetwork(
        observationWidth: task.observationWidth, distribution: task.distribution, hiddenSizes: hiddenSizes,
        activation: activation, sigmaForm: settings[NetworkSettings.sigmaForm])
      value =
        learnsValue
        ? try ValueNetwork(
          observationWidth: task.observationWidth, hiddenSizes: hiddenSizes, activation: activation,
          helper: task.usesHelperThread ? HelperThread() : nil) : nil
    } catch {
      throw .unusableSizes(hiddenSizes, error)
    }
    let initialization = settings[NetworkSettings.initialization]
    policy.initialize(
      initialization, logSigma: settings[NetworkSettings.initialLogSigma], using: &generator)
    value?.initialize(initialization, using: &generator)
    policy.main.isInterrupted = task.isInterrupted
    value?.network.isInterrupted = task.isInterrupted
    let optimizer = settings[Optimization.optimizer]
    let (policyRate, valueRate) = (rates.policy, rates.value)
    policyOptimizer =
      stepsByGradient ? optimizer.make(count: policy.parameters.count, learningRate: policyRate) : nil
    valueOptimizer = value.map { optimizer.make(count: $0.network.parameterCount, learningRate: valueRate) }
  }

  /// What of it has to be kept.
  public var parts: [Part] {
    var parts: [Part] = [.parameters("policy", policy.parameters)]
    if let policyOptimizer { parts.append(.optimizer("policy optimizer", policyOptimizer)) }
    if let value, let valueOptimizer {
      parts += [
        .parameters("value function", value.network.parameters),
        .optimizer("value function optimizer", valueOptimizer),
      ]
    }
    return parts + [
      .generators("order of minibatches") { [self] in
        [generator]
      } set: { [self] generators throws(TrainingError) in
        guard let first = generators.first, generators.count == 1 else {
          throw .unusablePart(
            "order of minibatches", "it has \(generators.count) streams of random numbers instead of 1")
        }
        generator = first
      },
      .count("number of updates") { [self] in
        updates
      } set: { [self] in
        updates = $0
      },
    ]
  }

  /// Sets the learning rates to what they are at a share of the run that is over, from 0 to 1.
  public func setRates(progress: Double, _ metrics: inout Metrics) {
    let factor = rates.decay.factor(progress: progress)
    policyOptimizer?.learningRate = rates.policy * factor
    valueOptimizer?.learningRate = rates.value * factor
    metrics["learning_rate"] = policyOptimizer?.learningRate
  }

  /// Fills V of each observation, and V of what followed it; 0 without a value function.
  public func evaluate(_ batch: RolloutBuffer) {
    let (rows, count) = (batch.rows, batch.environments)
    guard let value else {
      batch.values.update(repeating: 0, count: rows)
      batch.nextValues.update(repeating: 0, count: rows)
      return
    }
    value.evaluate(batch.observations, rows: rows, into: batch.values)
    // Row r of the next values is row r + count of the values; the last step's are those of the last observations.
    batch.nextValues.update(from: batch.values + count, count: max(rows - count, 0))
    if rows > 0 { value.evaluate(batch.lastObservations, rows: count, into: batch.nextValues + (rows - count)) }
    for row in 0..<rows where batch.ends[row] == .terminated { batch.nextValues[row] = 0 }
    finalValues.reserve(batch.finalRows.count)
    value.evaluate(batch.finalObservationMemory.pointer, rows: batch.finalRows.count, into: finalValues.pointer)
    for (index, row) in batch.finalRows.enumerated() { batch.nextValues[row] = finalValues[index] }
  }

  /// Settles which rows are learned from and by which weight, once weights and targets have been estimated.
  ///
  /// - Parameter baseline: what is subtracted from the weights.
  public func prepare(_ batch: RolloutBuffer, baseline: Baseline = .none, _ metrics: inout Metrics) {
    batch.selectRows()
    subtract(baseline, from: batch)
    if normalizesAdvantages { batch.normalizeAdvantages() }
    weighEarlierActions(batch)
    if metrics.isRecording, value != nil { metrics["explained_variance"] = batch.explainedVariance }
  }

  /// Multiplies the advantages of what an earlier version of the policy did by min(1, π(a|o) / π_earlier(a|o)).
  ///
  /// With it a step on those rows estimates the gradient at the policy as it is now. For the clipped ratio this is the
  /// decoupled objective of Hilton, Cobbe & Schulman 2021 (arXiv 2110.00641); the bound of 1 is that of V-trace (Espeholt
  /// et al. 2018, arXiv 1802.01561).
  private func weighEarlierActions(_ batch: RolloutBuffer) {
    for row in 0..<batch.policyRows where batch.sources[row] == .earlierPolicy {
      let now = loss.logProbability(policy, batch, row: row)
      batch.advantages[row] *= min(1, exponential(now - batch.logProbabilities[row]))
    }
  }

  /// Makes one step of the policy, θ ← θ + α ∇ (mean(Φ · form) + c·mean(H)), over some rows; over all where nothing is said.
  public func stepPolicy(
    _ batch: RolloutBuffer, rows: Range<Int>? = nil, form: PolicyLoss.Form = .logarithm, _ metrics: inout Metrics
  ) throws(TrainingError) {
    guard batch.policyRows > 0, policyOptimizer != nil else { return }
    try accumulatePolicyGradient(batch, rows: rows, form: form, &metrics)
    try stepByPolicyGradient(&metrics)
  }

  /// Makes the policy as it is now the one that further steps are compared with: π_old.
  public func rememberPolicy(_ batch: RolloutBuffer) {
    loss.remember(policy, batch)
  }

  /// Compares the policy with π_old where anybody reads it, and returns KL(old ‖ new).
  @discardableResult
  public func measure(_ batch: RolloutBuffer, always: Bool = false, _ metrics: inout Metrics) -> Double {
    guard batch.policyRows > 0, always || metrics.isRecording else { return 0 }
    let (divergence, entropy, largestSigma) = loss.compare(policy, batch)
    metrics["kl"] = divergence
    metrics["entropy"] = entropy
    metrics["max_sigma"] = largestSigma
    return divergence
  }

  /// Fits the value function, φ ← φ - β ∇ mean (V(o) - target)², in as many steps as the settings say.
  ///
  /// - Parameter minibatchSize: how many rows each step is taken on, at random; 0 for all. A pass over all of them then
  ///   counts as one step.
  public func fitValue(
    _ batch: RolloutBuffer, minibatchSize: Int = 0, _ metrics: inout Metrics
  ) throws(TrainingError) {
    guard valueOptimizer != nil else { return }
    // What the value function alone learns from lies behind the rest until now.
    if minibatchSize > 0, batch.policyRows < batch.learnableRows { shuffle(batch, rows: batch.learnableRows) }
    let minibatches = batch.minibatches(of: minibatchSize, rows: batch.learnableRows)
    for iteration in 0..<valueIterations {
      var sum = 0.0
      for rows in minibatches {
        sum += try accumulateValueGradient(batch, rows: rows)
        try stepByValueGradient()
      }
      if iteration == 0 { metrics["value_loss"] = sum / Double(minibatches.count) }
    }
  }

  /// Brings the first rows of a batch into a random order.
  public func shuffle(_ batch: RolloutBuffer, rows: Int) { batch.shuffle(rows: rows, using: &generator) }

  /// Ends an update that has been interrupted, whose sums over rows are unfinished.
  func requireTime() throws(TrainingError) {
    guard !policy.main.isInterrupted() else { throw .interrupted }
  }

  func clip(_ parameters: Parameters, _ quantity: String) throws(TrainingError) -> Double {
    let limit = maximumGradientNorm
    let norm = limit > 0 ? parameters.clipGradients(toNorm: limit) : parameters.gradientNorm
    guard norm.isFinite else { throw .diverged(quantity: quantity, update: updates) }
    return norm
  }
}
