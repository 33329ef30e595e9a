import Environments
import NeuralNetworks

/// Soft Q-learning: a policy of any shape, distributed as exp(Q/α), so that it keeps every good way of doing something.
///
///     V(o) = α ln E_{b ~ q}[ exp(Q(o, b)/α) / q(b) ]
///
/// Haarnoja et al. 2017 (arXiv 1702.08165). q is even over (-1, 1). The policy is a network of the observation and of as many
/// normal numbers ξ as an action has; what is done where nothing is left to chance is ξ = 0.
///
///     after every step, with o, a, r, o′ drawn from the replay:
///       y ← r + γ V̄(o′);  Q descends (Q(o, a) - y)²
///       f moves its particles x_i = f(o, ξ_i), a_i = tanh x_i, by Stein's gradient towards exp(Q/α):
///         Δ_i = mean_j [ κ(x_j, x_i) ∇_x (Q(o, a_j)/α + ln |da_j/dx_j|) + ∇_{x_j} κ(x_j, x_i) ]
///       every `target-period` updates:  Q̄ ← Q̄ + τ (Q - Q̄)
///
/// The paper copies Q exactly every 1,000 updates (`--target-period 1000 --tau 1`): so few copies within a short run let
/// what is known of the future come through slowly.
public final class SQL: OffPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.offPolicy(
    "sql", summary: "a policy that keeps several good ways of doing something",
    paper: "Haarnoja et al. 2017 (arXiv 1702.08165)", actions: [.box],
    own: [temperature, particles, valueSamples, targetPeriod],
    defaults: [OffPolicySettings.batchSize.defaulting(to: 64)],
    metrics: ["q_loss", "q_mean", "spread"]
  ) { _ in SQL.self }

  /// α.
  public static let temperature = Setting(
    "alpha", default: 0.5, aboveZeroTo: 1e6, "What a nat of entropy is worth, α.")
  /// M.
  static let particles = Setting(
    "particles", default: 16, in: 2...1_024, "Particles of the policy for each observation of a step.")
  /// How many actions an estimate of V takes.
  static let valueSamples = Setting(
    "value-samples", default: 32, in: 1...65_536, "Actions, drawn evenly, that V of an observation is estimated from.")
  /// How many updates the slow copy stays as it is.
  static let targetPeriod = Setting(
    "target-period", default: 1, in: 1...1_000_000_000, "Updates between two moves of the target network.")

  let network: MLP
  let head: PolicyHead
  private let critics: CriticLearner
  private let policyStep: SteinPolicyStep
  private let (observationWidth, actionWidth): (Int, Int)
  private let (valueSamples, targetPeriod): (Int, Int)
  private let alpha: Float
  private let (targetRate, priorityExponent): (Double, Double)
  private let rates: LearningRates
  private var gradientSteps = 0
  private let valueInputs = Memory<Float>(filledWith: 0)

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    (observationWidth, actionWidth) = (task.observationWidth, task.actionWidth)
    let halves = Halves(helper: task.helper)
    head = .implicit(actionWidth)
    network = try settings.policyNetwork(
      inputs: observationWidth + actionWidth, outputs: actionWidth, using: &generator)
    critics = try settings.critics(
      count: 1, inputWidth: observationWidth + actionWidth, halves: halves, using: &generator)
    (valueSamples, targetPeriod) = (settings[Self.valueSamples], settings[Self.targetPeriod])
    alpha = Float(settings[Self.temperature])
    (targetRate, priorityExponent) = (
      settings[OffPolicySettings.targetRate], settings[OffPolicySettings.priorityExponent]
    )
    policyStep = SteinPolicyStep(
      network, optimizer: settings.policyOptimizer(count: network.parameterCount), critics, halves,
      particles: settings[Self.particles], temperature: alpha)
    rates = LearningRates([policyStep.optimizer, critics.optimizer])
  }

  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    let sample = experience.draw()
    sample.joinInputs(observationWidth: observationWidth, actionWidth: actionWidth)
    drawValueInputs(sample, using: &experience.generator)
    policyStep.draw(sample, using: &experience.generator)
    let width = observationWidth + actionWidth
    let valueInputs = valueInputs.pointer

    let loss = critics.fit(sample.inputs, sample) { [self] half, range, y in
      let count = valueSamples
      let values = critics.target(
        0, valueInputs + range.lowerBound * count * width, rows: range.count * count, half: half)
      for (place, row) in range.enumerated() {
        y[row] = sample.rewards[row] + sample.discounts[row] * softValue(values + place * count)
      }
    }
    try TrainingError.requireFinite(loss, "loss of the critic")
    experience.note(errors: critics.errors, exponent: priorityExponent)

    policyStep.move(sample)
    gradientSteps += 1
    if gradientSteps % targetPeriod == 0 { critics.critics.followTargets(rate: targetRate) }
    (metrics["q_loss"], metrics["q_mean"]) = (loss, critics.meanValue)
    if metrics.isRecording { metrics["spread"] = policyStep.spread(sample.rows) }
  }

  /// V of a row from Q̄ of actions drawn evenly from (-1, 1), whose density is 2^-d.
  private func softValue(_ values: UnsafePointer<Float>) -> Float {
    var greatest = values[0]
    for index in 1..<max(valueSamples, 1) { greatest = max(greatest, values[index]) }
    var sum: Float = 0
    for index in 0..<valueSamples { sum += exponential((values[index] - greatest) / alpha) }
    return greatest + alpha * (logarithm(sum / Float(valueSamples)) + Float(actionWidth) * logarithm(2))
  }

  /// Lays each next observation beside actions that are drawn evenly.
  private func drawValueInputs(_ sample: ReplaySample, using generator: inout PCG64) {
    let width = observationWidth + actionWidth
    valueInputs.reserve(sample.rows * valueSamples * width)
    for row in 0..<sample.rows {
      for index in 0..<valueSamples {
        let input = valueInputs.pointer + (row * valueSamples + index) * width
        input.update(from: sample.nextObservations + row * observationWidth, count: observationWidth)
        for element in observationWidth..<width { input[element] = Float(generator.uniform(-1, 1)) }
      }
    }
  }

  var parts: [Part] {
    [
      .parameters("policy", network.parameters), .optimizer("policy optimizer", policyStep.optimizer),
      .count("gradient steps", get: { [self] in gradientSteps }, set: { [self] in gradientSteps = $0 }),
    ] + critics.parts
  }
}
