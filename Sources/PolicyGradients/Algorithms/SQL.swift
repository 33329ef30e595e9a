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
///       every `target-period` updates:  Q̄ ← Q
public final class SQL: OffPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.offPolicy(
    "sql", summary: "off-policy, a policy that keeps every good way of doing something",
    paper: "Haarnoja et al. 2017 (arXiv 1702.08165)", actions: [.box],
    own: [temperature, particles, valueSamples, targetPeriod],
    defaults: [OffPolicySettings.batchSize.defaulting(to: 64)], without: [OffPolicySettings.targetRate],
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
    "target-period", default: 1_000, in: 1...1_000_000_000, "Updates between two exact copies of the critic.",
    source: "Haarnoja et al. 2017")

  let network: MLP
  let head: PolicyHead
  private let optimizer: any Optimizer
  private let gradients: HalvedGradients
  private let critics: CriticLearner
  private let halves: Halves
  private let samplers: [SteinSampler]
  private let (observationWidth, actionWidth): (Int, Int)
  private let (particles, valueSamples, targetPeriod): (Int, Int, Int)
  private let (alpha, priorityExponent): (Float, Double)
  private let rates: LearningRates
  private var gradientSteps = 0
  private let workspaces = [Activations(), Activations()]
  private let (policyInputs, criticInputs) = (Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0))
  private let (scores, moves, outputGradients) = (
    Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)
  )
  private let valueInputs = Memory<Float>(filledWith: 0)

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    (observationWidth, actionWidth) = (task.observationWidth, task.actionWidth)
    halves = Halves(helper: task.helper)
    head = .implicit(actionWidth)
    network = try settings.policyNetwork(
      inputs: observationWidth + actionWidth, outputs: actionWidth, using: &generator)
    optimizer = settings.policyOptimizer(count: network.parameterCount)
    gradients = HalvedGradients(of: network.parameters)
    critics = try settings.critics(
      count: 1, inputWidth: observationWidth + actionWidth, halves: halves, using: &generator)
    (particles, valueSamples) = (settings[Self.particles], settings[Self.valueSamples])
    targetPeriod = settings[Self.targetPeriod]
    (alpha, priorityExponent) = (Float(settings[Self.temperature]), settings[OffPolicySettings.priorityExponent])
    let (count, width) = (particles, actionWidth)
    samplers = (0..<2).map { _ in SteinSampler(particles: count, width: width) }
    rates = LearningRates([optimizer, critics.optimizer])
  }

  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    let sample = experience.draw()
    sample.joinInputs(observationWidth: observationWidth, actionWidth: actionWidth)
    drawValueInputs(sample, using: &experience.generator)
    drawPolicyInputs(sample, using: &experience.generator)
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

    gradients.zero()
    halves.run(rows: sample.rows) { [self] half, range in movePolicy(range, of: sample.rows, half) }
    gradients.join()
    optimizer.step(network.parameters)

    gradientSteps += 1
    if gradientSteps % targetPeriod == 0 { critics.critics.followTargets(rate: 1) }
    (metrics["q_loss"], metrics["q_mean"]) = (loss, critics.meanValue)
    metrics["spread"] = spread(sample.rows)
  }

  /// V of a row from Q̄ of actions drawn evenly from (-1, 1), whose density is 2^-d.
  private func softValue(_ values: UnsafePointer<Float>) -> Float {
    var greatest = values[0]
    for index in 1..<max(valueSamples, 1) { greatest = max(greatest, values[index]) }
    var sum: Float = 0
    for index in 0..<valueSamples { sum += exponential((values[index] - greatest) / alpha) }
    return greatest + alpha * (logarithm(sum / Float(valueSamples)) + Float(actionWidth) * logarithm(2))
  }

  /// Stein's step for the particles of some rows.
  private func movePolicy(_ range: Range<Int>, of rows: Int, _ half: Int) {
    let (width, count) = (observationWidth + actionWidth, particles)
    let (first, total) = (range.lowerBound * count, range.count * count)
    guard total > 0 else { return }
    let (inputs, x) = (
      policyInputs.pointer + first * width,
      network.forward(
        policyInputs.pointer + first * width, rows: total, workspaces[half])
    )
    let critic = criticInputs.pointer + first * width
    for row in 0..<total {
      (critic + row * width).update(from: inputs + row * width, count: observationWidth)
      for index in 0..<actionWidth {
        critic[row * width + observationWidth + index] = hyperbolicTangent(x[row * actionWidth + index])
      }
    }
    let scores = scores.pointer + first * actionWidth
    _ = critics.value(0, critic, rows: total, half: half)
    critics.inputGradient(
      outputGradients.pointer + first, half: half, columns: observationWidth..<width, into: scores)
    // ∂/∂x of Q/α + Σ ln(1 - tanh² x).
    for row in 0..<total {
      for index in 0..<actionWidth {
        let (u, place) = (critic[row * width + observationWidth + index], row * actionWidth + index)
        scores[place] = scores[place] / alpha * (1 - u * u) - 2 * u
      }
    }
    let moves = moves.pointer + first * actionWidth
    for (place, _) in range.enumerated() {
      samplers[half].moves(
        x + place * count * actionWidth,
        scores: scores + place * count * actionWidth,
        into: moves + place * count * actionWidth)
    }
    let scale = -1 / Float(rows * count)
    for index in 0..<total * actionWidth { moves[index] *= scale }
    network.backward(moves, input: inputs, workspaces[half], into: gradients.pointer(half), inputGradient: nil)
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

  /// Lays each observation beside the ξ of its particles.
  private func drawPolicyInputs(_ sample: ReplaySample, using generator: inout PCG64) {
    let (width, total) = (observationWidth + actionWidth, sample.rows * particles)
    for memory in [policyInputs, criticInputs, scores] { memory.reserve(total * width) }
    moves.reserve(total * actionWidth)
    outputGradients.reserve(total)
    outputGradients.pointer.update(repeating: 1, count: total)
    for row in 0..<total {
      let input = policyInputs.pointer + row * width
      input.update(from: sample.observations + row / particles * observationWidth, count: observationWidth)
      for element in observationWidth..<width { input[element] = Float(generator.normal()) }
    }
  }

  /// The mean deviation of the particles of an observation, in units of (-1, 1).
  private func spread(_ rows: Int) -> Double {
    let width = observationWidth + actionWidth
    var total = 0.0
    for row in 0..<rows {
      let first = criticInputs.pointer + row * particles * width + observationWidth
      for index in 0..<actionWidth {
        var (sum, squares) = (0.0, 0.0)
        for particle in 0..<particles {
          let number = Double(first[particle * width + index])
          (sum, squares) = (sum + number, squares + number * number)
        }
        let mean = sum / Double(particles)
        total += max(0, squares / Double(particles) - mean * mean).squareRoot()
      }
    }
    return total / Double(max(rows * actionWidth, 1))
  }

  var parts: [Part] {
    [
      .parameters("policy", network.parameters), .optimizer("policy optimizer", optimizer),
      .count("gradient steps", get: { [self] in gradientSteps }, set: { [self] in gradientSteps = $0 }),
    ] + critics.parts
  }
}
