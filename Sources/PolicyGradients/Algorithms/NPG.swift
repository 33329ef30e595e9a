import NeuralNetworks

/// The natural policy gradient: a step that is as long in the space of distributions whatever the parameters mean.
///
///     θ ← θ + √(2δ / xᵀ F x) · x,   F x = g = E[ ∇ ln π(a_t|o_t) · Â_t ],   F = E[ ∇ ln π ∇ ln πᵀ ]
///
/// S. Kakade, "A Natural Policy Gradient" (2001), with the length of a step by the divergence δ that it brings (Rajeswaran
/// et al. 2017, arXiv 1703.02660), and x by conjugate gradients. The advantages and the value function are those of `vpg`.
///
///     repeat:
///       collect `steps-per-epoch` steps with π
///       Â_t ← Σ_k (γλ)^k δ_{t+k}, brought to mean 0 and deviation 1
///       x ← F⁻¹ g by `cg-iters` steps of conjugate gradients
///       θ ← θ + √(2δ / xᵀ F x) · x
///       `train-v-iters` times:  φ ← φ - β ∇ mean (V(o) - target)²
public final class NPG: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "npg", NPG.self,
    summary: "one step along the natural gradient, as long as the divergence allows; no learning rate to tune",
    paper: "Kakade 2001",
    own: [OnPolicySettings.discount, VPG.lambda, OnPolicySettings.valueTarget] + TrustRegion.settings)

  /// There is a value function.
  public static let learnsValue = true
  /// The natural gradient has a length of its own.
  public static let stepsByGradient = false
  /// The discount γ.
  public let discount: Double
  private let learner: Learner
  private let lambda: Double
  private let valueTarget: ValueTarget
  private let region: TrustRegion

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    lambda = settings[VPG.lambda]
    valueTarget = settings[OnPolicySettings.valueTarget]
    region = TrustRegion(settings, learner)
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateGeneralizedAdvantages(discount: discount, lambda: lambda)
    batch.estimateTargets(valueTarget, discount: discount)
    learner.prepare(batch, &metrics)

    let x = try region.naturalGradient(batch, &metrics)
    // No search notices where the model is wrong, so that the damping counts.
    learner.policy.parameters.move(along: x, by: region.longestStep(batch, along: x, countsDamping: true))
    learner.measure(batch, &metrics)
    try learner.fitValue(batch, &metrics)
  }
}
