import Environments
import NeuralNetworks

/// Twin delayed deterministic policy gradient: the smaller value of two critics counts, targets are smoothed, and the policy
/// is updated less often than its critics.
///
/// Fujimoto, van Hoof & Meger 2018 (arXiv 1802.09477).
///
///     after every step, with o, a, r, o′ drawn from the replay:
///       a′ ← clip(μ̄(o′) + clip(N(0, `target-noise`), ± `target-noise-clip`), ±1)
///       each Q_i descends (Q_i(o, a) - r - γ min_j Q̄_j(o′, a′))²
///       every `policy-delay` updates:
///         μ ascends Q_1(o, μ(o));  every slow copy moves by τ
public final class TD3: OffPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.offPolicy(
    "td3", summary: "a deterministic policy with twin critics; few steps for real-valued actions",
    paper: "Fujimoto et al. 2018 (arXiv 1802.09477)", actions: [.box],
    own: [noiseKind, noiseDeviation, targetNoise, targetNoiseClip, policyDelay],
    metrics: ["q_loss", "q_mean", "policy_loss"]
  ) { _ in TD3.self }

  /// The kind of noise.
  public static let noiseKind = Setting(
    "noise", default: NoiseKind.gaussian, "The noise that actions are moved by in training.")
  /// Its σ.
  static let noiseDeviation = Setting(
    "noise-std", default: 0.1, in: 0...10, "The deviation σ of that noise, where actions are from -1 to 1.",
    source: "Fujimoto et al. 2018")
  /// σ of the noise of targets.
  static let targetNoise = Setting(
    "target-noise", default: 0.2, in: 0...10, "The deviation of the noise that smooths targets.",
    source: "Fujimoto et al. 2018")
  /// The greatest noise of targets.
  static let targetNoiseClip = Setting(
    "target-noise-clip", default: 0.5, in: 0...10, "The greatest noise of targets.", source: "Fujimoto et al. 2018")
  /// How many updates of the critics come for one of the policy.
  public static let policyDelay = Setting(
    "policy-delay", default: 2, in: 1...1_000, "Updates of the critics for each one of the policy.",
    source: "Fujimoto et al. 2018")

  let network: MLP
  let head: PolicyHead
  private let actor: DeterministicActor
  private let critics: CriticLearner
  private let halves: Halves
  private var exploration: ExplorationNoise
  private let (observationWidth, actionWidth): (Int, Int)
  private let (targetRate, priorityExponent): (Double, Double)
  private let (targetNoise, targetNoiseClip): (Float, Float)
  private let policyDelay: Int
  private let rates: LearningRates
  private var gradientSteps = 0
  private let noise = SampleNoise()
  private let policyStep: DeterministicPolicyStep

  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws {
    (observationWidth, actionWidth) = (task.observationWidth, task.actionWidth)
    halves = Halves(helper: task.helper)
    head = .deterministic(actionWidth)
    network = try settings.policyNetwork(inputs: observationWidth, outputs: actionWidth, using: &generator)
    actor = try DeterministicActor(network, optimizer: settings.policyOptimizer(count: network.parameterCount))
    critics = try settings.critics(
      count: 2, inputWidth: observationWidth + actionWidth, halves: halves, using: &generator)
    exploration = ExplorationNoise(
      settings[Self.noiseKind], deviation: settings[Self.noiseDeviation], width: actionWidth)
    (targetRate, priorityExponent) = (
      settings[OffPolicySettings.targetRate], settings[OffPolicySettings.priorityExponent]
    )
    (targetNoise, targetNoiseClip) = (Float(settings[Self.targetNoise]), Float(settings[Self.targetNoiseClip]))
    policyDelay = settings[Self.policyDelay]
    rates = LearningRates([actor.optimizer, critics.optimizer])
    policyStep = DeterministicPolicyStep(actor, critics, halves)
  }

  func explore(_ action: UnsafeMutablePointer<Float>, stream: Int, using generator: inout PCG64) {
    exploration.add(to: action, stream: stream, using: &generator)
  }
  func beginEpisode(stream: Int) { exploration.reset(stream: stream) }
  func setRates(factor: Double) { rates.set(factor: factor) }

  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError) {
    let sample = experience.draw()
    let width = observationWidth + actionWidth
    sample.joinInputs(observationWidth: observationWidth, actionWidth: actionWidth)
    noise.draw(sample.rows * actionWidth, using: &experience.generator)

    let loss = critics.fit(sample.inputs, sample) { [self] half, range, y in
      let (first, inputs) = (range.lowerBound, sample.nextInputs + range.lowerBound * width)
      let actions = inputs + observationWidth
      actor.act(
        sample.nextObservations + first * observationWidth, rows: range.count, half: half, usesTarget: true,
        into: actions, stride: width)
      smooth(actions, rows: range.count, stride: width, noise.first + first * actionWidth)
      critics.leastTarget(inputs, rows: range.count, half: half, into: y + first)
      for row in range { y[row] = sample.rewards[row] + sample.discounts[row] * y[row] }
    }
    try TrainingError.requireFinite(loss, "loss of the critics")
    experience.note(errors: critics.errors, exponent: priorityExponent)
    (metrics["q_loss"], metrics["q_mean"]) = (loss, critics.meanValue)

    gradientSteps += 1
    guard gradientSteps % policyDelay == 0 else { return }
    metrics["policy_loss"] = try policyStep.ascend(sample)
    actor.followTarget(rate: targetRate)
    critics.critics.followTargets(rate: targetRate)
  }

  private func smooth(
    _ actions: UnsafeMutablePointer<Float>, rows: Int, stride: Int, _ noise: UnsafePointer<Float>
  ) {
    for row in 0..<rows {
      for index in 0..<actionWidth {
        let moved = max(-targetNoiseClip, min(targetNoiseClip, targetNoise * noise[row * actionWidth + index]))
        actions[row * stride + index] = max(-1, min(1, actions[row * stride + index] + moved))
      }
    }
  }

  var parts: [Part] {
    actor.parts + critics.parts + [
      .count("gradient steps", get: { [self] in gradientSteps }, set: { [self] in gradientSteps = $0 })
    ]
  }
}
