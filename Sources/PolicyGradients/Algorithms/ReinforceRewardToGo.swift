/// REINFORCE with the reward-to-go, because an action cannot change what came before it.
///
///     ∇J = E[ Σ_t ∇ ln π(a_t|o_t) · Σ_{k≥t} γ^{k-t} r_k ]
///
/// Spinning Up's second simple policy gradient, with γ = 1. With a smaller `gamma` and `discount-from-start`, which puts γ^t
/// in front, it is REINFORCE as in Sutton & Barto (2nd edition, section 13.3).
///
///     repeat:
///       collect whole episodes of at least `steps-per-epoch` steps with π
///       Φ_t ← Σ_{k≥t} γ^{k-t} r_k, less a constant if there is a `baseline`
///       θ ← θ + α ∇ mean(Φ ln π(a|o))
public final class ReinforceRewardToGo: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "reinforce-rtg", ReinforceRewardToGo.self,
    summary: "reward-to-go instead of the whole return, which is less noisy",
    paper: "Spinning Up's simple policy gradient; Sutton & Barto, 2nd edition, section 13.3",
    own: [
      OnPolicySettings.discount.defaulting(to: 1, source: "Spinning Up"), discountsFromStart, Reinforce.baseline,
    ],
    defaults: Reinforce.wholeEpisodes)

  /// Whether γ^t stands in front.
  public static let discountsFromStart = Setting(
    "discount-from-start", default: false,
    "Multiply the weight by γ^t, as the gradient of the discounted return has it.", source: "Sutton & Barto")

  /// There is no value function.
  public static let learnsValue = false
  /// The discount γ.
  public let discount: Double
  private let learner: Learner
  private let discountsFromStart: Bool
  private let baseline: Baseline

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    discountsFromStart = settings[Self.discountsFromStart]
    baseline = settings[Reinforce.baseline]
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateRewardsToGo(discount: discount)
    if discountsFromStart { batch.discountFromStart(discount) }
    learner.prepare(batch, baseline: baseline, &metrics)
    try learner.stepPolicy(batch, &metrics)
    learner.measure(batch, &metrics)
  }
}
