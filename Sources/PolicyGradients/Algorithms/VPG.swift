/// Vanilla policy gradient with generalised advantage estimation.
///
///     ∇J = E[ ∇ ln π(a_t|o_t) · Â_t ],   Â_t = Σ_k (γλ)^k δ_{t+k},   δ_t = r_t + γ V(o_{t+1}) - V(o_t)
///
/// Schulman et al. 2016 (arXiv 1506.02438), in the form of Spinning Up's VPG: advantages normalised over the batch, one
/// policy step, then k steps of a separate value network. Unlike there, V is bootstrapped wherever an episode is
/// truncated, also by the environment's own limit of time, and KL is that of the policy after the step. The sizes are
/// chosen for few environment steps instead of Spinning Up's, which are: 4000 steps an epoch, 50 epochs, λ 0.97, two
/// hidden layers of 64, learning rates 3e-4 and 1e-3 without decay, k = 80, value target `reward-to-go`.
///
///     repeat:
///       collect `steps-per-epoch` steps with π
///       Â_t ← Σ_k (γλ)^k δ_{t+k}, brought to mean 0 and deviation 1
///       θ ← θ + α ∇ mean(Â ln π(a|o))
///       `train-v-iters` times:  φ ← φ - β ∇ mean (V(o) - target)²
public final class VPG: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "vpg", VPG.self,
    summary: "GAE, normalised advantages, a value network fitted for k steps; one step a batch, quick on short tasks",
    paper: "Schulman et al. 2016 (arXiv 1506.02438); Spinning Up",
    own: [OnPolicySettings.discount, lambda, OnPolicySettings.valueTarget])

  /// The decay λ of generalised advantage estimation.
  public static let lambda = Setting(
    "lam", default: 0.97, in: 0...1, "The decay λ of generalised advantage estimation.", source: "Spinning Up")

  /// There is a value function.
  public static let learnsValue = true
  /// The discount γ.
  public let discount: Double
  private let learner: Learner
  private let lambda: Double
  private let valueTarget: ValueTarget

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    lambda = settings[Self.lambda]
    valueTarget = settings[OnPolicySettings.valueTarget]
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    // The advantages, by V as it was while π acted.
    learner.evaluate(batch)
    batch.estimateGeneralizedAdvantages(discount: discount, lambda: lambda)
    batch.estimateTargets(valueTarget, discount: discount)
    learner.prepare(batch, &metrics)
    // The policy step.
    try learner.stepPolicy(batch, &metrics)
    learner.measure(batch, &metrics)
    // The value fit comes last, so that what has been learned of the actions does not change how they are judged.
    try learner.fitValue(batch, &metrics)
  }
}
