/// REINFORCE with a learned baseline.
///
///     ∇J = E[ Σ_t ∇ ln π(a_t|o_t) · (G_t - V(o_t)) ],   G_t = Σ_{k≥t} γ^{k-t} r_k
///
/// Sutton & Barto, 2nd edition, section 13.4, in batches of whole episodes, without γ^t and with several steps of the
/// value function a batch. V is fitted to G after the policy step, so that the baseline does not depend on the actions.
///
///     repeat:
///       collect whole episodes of at least `steps-per-epoch` steps with π
///       Φ_t ← G_t - V(o_t)
///       θ ← θ + α ∇ mean(Φ ln π(a|o))
///       `train-v-iters` times:  φ ← φ - β ∇ mean (V(o) - G)²
public final class ReinforceBaseline: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "reinforce-baseline", ReinforceBaseline.self,
    summary: "discounted reward-to-go less a learned value function; whole episodes, without bootstrapping",
    paper: "Sutton & Barto, 2nd edition, section 13.4", own: [OnPolicySettings.discount],
    defaults: [
      OnPolicySettings.finishesEpisodes.defaulting(to: true), RunSettings.epochs.defaulting(to: 50),
      RunSettings.stepsPerEpoch.defaulting(to: 2000),
    ])

  /// There is a value function.
  public static let learnsValue = true
  /// The discount γ.
  public let discount: Double
  private let learner: Learner

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateRewardsToGo(discount: discount)
    batch.estimateTargets(.rewardToGo, discount: discount)
    batch.subtractValues()
    learner.prepare(batch, &metrics)
    try learner.stepPolicy(batch, &metrics)
    learner.measure(batch, &metrics)
    try learner.fitValue(batch, &metrics)
  }
}
