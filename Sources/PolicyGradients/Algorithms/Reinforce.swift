/// REINFORCE with the return of the whole episode.
///
///     ∇J = E[ Σ_t ∇ ln π(a_t|o_t) · R(τ) ],   R(τ) = Σ_t r_t
///
/// Williams 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement learning". It is
/// Spinning Up's first simple policy gradient: whole episodes, no discount, no baseline, the mean over all steps of the
/// batch. It differs from that in nothing but the seeded resets at the start of each batch.
///
///     repeat:
///       collect whole episodes of at least `steps-per-epoch` steps with π
///       Φ_t ← R(τ), less a constant if there is a `baseline`
///       θ ← θ + α ∇ mean(Φ ln π(a|o))
public final class Reinforce: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "reinforce", Reinforce.self,
    summary: "whole-episode return; the simplest, slow, for short episodes and for studying the theory",
    paper: "Williams 1992; Spinning Up's simple policy gradient", own: [baseline], defaults: wholeEpisodes)

  /// What is subtracted from the weight.
  public static let baseline = Setting(
    "baseline", default: Baseline.none, "The constant that is subtracted from the weight.")

  /// The defaults of the algorithms that are Spinning Up's simple policy gradients.
  static let wholeEpisodes: [any AnySetting] = [
    OnPolicySettings.normalizesAdvantages.defaulting(to: false),
    OnPolicySettings.finishesEpisodes.defaulting(to: true),
    RunSettings.epochs.defaulting(to: 50, source: "Spinning Up"),
    RunSettings.stepsPerEpoch.defaulting(to: 5000, source: "Spinning Up"),
    OptimizationSettings.learningRateDecay.defaulting(to: .none),
  ]

  /// There is no value function.
  public static let learnsValue = false
  /// The discount γ.
  public let discount = 1.0
  private let learner: Learner
  private let baseline: Baseline

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    baseline = settings[Self.baseline]
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateReturns()
    learner.prepare(batch, baseline: baseline, &metrics)
    try learner.stepPolicy(batch, &metrics)
    learner.measure(batch, &metrics)
  }
}
