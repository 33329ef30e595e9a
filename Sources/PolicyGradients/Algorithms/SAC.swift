import Environments
import NeuralNetworks

/// Soft actor-critic: a policy that earns much and stays as random as it can afford.
///
///     J(π) = Σ_t E[ r_t + α H(π(·|o_t)) ]
///
/// Haarnoja et al. 2018 (arXiv 1801.01290 and 1812.05905). For a Discrete it is `DiscreteSAC`.
///
///     after every step, with o, a, r, o′ drawn from the replay:
///       a′ ~ π(·|o′);  y ← r + γ (min_j Q̄_j(o′, a′) - α ln π(a′|o′))
///       each Q_i descends (Q_i(o, a) - y)²
///       π descends α ln π(a|o) - min_j Q_j(o, a),  a = tanh(μ(o) + σ(o) ε)
///       α descends -ln α (ln π(a|o) + H̄),  H̄ = -dim a times `target-entropy-scale`
///       each Q̄_i ← Q̄_i + τ (Q_i - Q̄_i)
public final class SAC: OffPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.offPolicy(
    "sac",
    summary:
      "raises return and entropy together; few steps of a slow simulator are enough; the first off-policy one to try",
    paper: "Haarnoja et al. 2018 (arXiv 1812.05905), Christodoulou 2019 (arXiv 1910.07207)",
    actions: [.box, .discrete],
    own: [learnsTemperature, initialTemperature, targetEntropyScale, OffPolicySettings.temperatureLearningRate],
    defaults: [
      RunSettings.epochs.defaulting(to: 100).defaulting(forBoxTo: 20),
      OffPolicySettings.policyLearningRate.defaulting(to: 3e-4).defaulting(forBoxTo: 1e-3),
      OffPolicySettings.criticLearningRate.defaulting(to: 3e-4).defaulting(forBoxTo: 1e-3),
    ],
    metrics: ["q_loss", "q_mean", "policy_loss", "entropy", "alpha"]
  ) { $0.choices > 0 ? DiscreteSAC.self as any OffPolicyAlgorithm.Type : SAC.self }

  /// Whether α is learned.
  public static let learnsTemperature = Setting(
    "auto-alpha", default: true, "Learn the temperature α, so that entropy stays near its target.",
    source: "Haarnoja et al. 2018")
  /// α at the beginning.
  public static let initialTemperature = Setting(
    "alpha", default: 1.0, aboveZeroTo: 1e6, "What a nat of entropy is worth, α; where it begins if it is learned.")
  /// What the target entropy is multiplied by.
  static let targetEntropyScale = Setting(
    "target-entropy-scale", default: 1.0, in: -100...100,
    "Times the usual target of entropy: -1 for each number of a Box, 0.2 ln n for n choices.")

  let network: MLP
  let head: PolicyHead
  private let actor: GaussianActor
  private let critics: CriticLearner
  private let temperature: Temperature
  private let halves: Halves
  private let (observationWidth, actionWidth): (Int, Int)
  private let targetRate: Double
  private let targetEntropy: Double
  private let priorityExponent: Double
  private let rates: LearningRates
  private let noise = SampleNoise()
  private let logs = Memory<Float>(filledWith: 0)
  private let values = Memory<Float>(filledWith: 0)
  private let actionGradients = Memory<Float>(filledWith: 0)

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    (observationWidth, actionWidth) = (task.observationWidth, task.actionWidth)
    halves = Halves(helper: task.helper)
    head = .squashed(actionWidth)
    network = try settings.policyNetwork(inputs: observationWidth, outputs: head.outputs, using: &generator)
    actor = GaussianActor(network, optimizer: settings.policyOptimizer(count: network.parameterCount))
    critics = try settings.critics(
      count: 2, inputWidth: observationWidth + actionWidth, halves: halves, using: &generator)
    temperature = Temperature(settings)
    targetRate = settings[OffPolicySettings.targetRate]
    targetEntropy = -Double(actionWidth) * settings[Self.targetEntropyScale]
    priorityExponent = settings[OffPolicySettings.priorityExponent]
    rates = LearningRates([actor.optimizer, critics.optimizer, temperature.optimizer])
  }

  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    let sample = experience.draw()
    let (rows, width, alpha) = (sample.rows, observationWidth + actionWidth, temperature.value)
    sample.joinInputs(observationWidth: observationWidth, actionWidth: actionWidth)
    for memory in [logs, values] { memory.reserve(rows) }
    actionGradients.reserve(rows * actionWidth)
    noise.draw(rows * actionWidth, using: &experience.generator)
    let (logs, values, gradients) = (logs.pointer, values.pointer, actionGradients.pointer)

    let loss = critics.fit(sample.inputs, sample) { [self] half, range, y in
      let (first, inputs) = (range.lowerBound, sample.nextInputs + range.lowerBound * width)
      actor.sample(
        sample.nextObservations + first * observationWidth, noise: noise.first + first * actionWidth,
        rows: range.count, half: half, into: inputs + observationWidth, stride: width, logProbabilities: logs + first)
      critics.leastTarget(inputs, rows: range.count, half: half, into: y + first)
      for row in range { y[row] = sample.rewards[row] + sample.discounts[row] * (y[row] - alpha * logs[row]) }
    }
    try TrainingError.requireFinite(loss, "loss of the critics")
    experience.note(errors: critics.errors, exponent: priorityExponent)

    actor.zeroGradients()
    halves.run(rows: rows, networks: [network] + critics.critics.networks) { [self] half, range in
      let (first, inputs) = (range.lowerBound, sample.inputs + range.lowerBound * width)
      let (observations, noise) = (sample.observations + first * observationWidth, noise.second + first * actionWidth)
      actor.sample(
        observations, noise: noise, rows: range.count, half: half, into: inputs + observationWidth, stride: width,
        logProbabilities: logs + first)
      critics.leastValue(
        inputs, rows: range.count, half: half, weight: 1 / Float(rows),
        columns: observationWidth..<width, into: values + first, inputGradient: gradients + first * actionWidth)
      actor.accumulate(
        observations, noise: noise, rows: range.count, half: half, actions: inputs + observationWidth,
        stride: width, actionGradients: gradients + first * actionWidth, logWeight: alpha / Float(rows))
    }
    actor.step()

    let (meanLog, meanValue) = (mean(logs, rows), mean(values, rows))
    try TrainingError.requireFinite(meanLog + meanValue, "loss of the policy")
    temperature.step(excess: meanLog + targetEntropy)
    critics.critics.followTargets(rate: targetRate)

    (metrics["q_loss"], metrics["q_mean"]) = (loss, critics.meanValue)
    (metrics["policy_loss"], metrics["entropy"]) = (Double(alpha) * meanLog - meanValue, -meanLog)
    metrics["alpha"] = Double(alpha)
  }

  var parts: [Part] {
    [.parameters("policy", network.parameters), .optimizer("policy optimizer", actor.optimizer)] + critics.parts
      + temperature.parts
  }
}
