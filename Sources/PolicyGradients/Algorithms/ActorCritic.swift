/// The one-step actor-critic, which learns from every step at once.
///
///     δ = r + γ V(o') - V(o),   w ← w + α_w δ ∇V(o),   θ ← θ + α_θ γ^t δ ∇ ln π(a|o)
///
/// Sutton & Barto, 2nd edition, section 13.5. With several sub-environments the step is the mean over theirs.
///
///     repeat:
///       collect one step of each sub-environment with π
///       Φ ← γ^t δ
///       θ ← θ + α ∇ mean(Φ ln π(a|o))
///       φ ← φ - β ∇ mean (V(o) - (r + γ V(o')))²
public final class ActorCritic: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "actor-critic", ActorCritic.self,
    summary: "one-step TD error, an update at every step; cheap, and for studying the theory",
    paper: "Sutton & Barto, 2nd edition, section 13.5", own: [OnPolicySettings.discount, discountsFromStart],
    defaults: [
      OnPolicySettings.stepsPerUpdate.defaulting(to: 1), OnPolicySettings.minimumHorizon.defaulting(to: 1),
      OnPolicySettings.normalizesAdvantages.defaulting(to: false), RunSettings.epochs.defaulting(to: 400),
      OptimizationSettings.valueIterations.defaulting(to: 1),
      OptimizationSettings.policyLearningRate.defaulting(to: 5e-4),
      OptimizationSettings.valueLearningRate.defaulting(to: 2e-3),
    ])

  /// Whether γ^t stands in front.
  public static let discountsFromStart = ReinforceRewardToGo.discountsFromStart.defaulting(to: true)

  /// There is a value function.
  public static let learnsValue = true
  /// The discount γ.
  public let discount: Double
  private let learner: Learner
  private let discountsFromStart: Bool

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    discountsFromStart = settings[Self.discountsFromStart]
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateErrors(discount: discount)
    if discountsFromStart { batch.discountFromStart(discount) }
    batch.estimateOneStepTargets(discount: discount)
    learner.prepare(batch, &metrics)
    try learner.stepPolicy(batch, &metrics)
    learner.measure(batch, &metrics)
    try learner.fitValue(batch, &metrics)
  }
}
