import NeuralNetworks

/// Trust-region policy optimisation: the natural gradient, followed no further than it helps.
///
///     maximise E[ ρ_t Â_t ] subject to E[ KL(π_old ‖ π) ] ≤ δ,   ρ_t = π(a_t|o_t) / π_old(a_t|o_t)
///
/// Schulman et al. 2015 (arXiv 1502.05477): the step of `npg` is shortened until the objective is better than before and
/// the divergence, measured and not modelled, is at most δ. Where no length will do, the policy stays as it is, bit for
/// bit. The advantages and the value function are those of `vpg`.
///
///     repeat:
///       collect `steps-per-epoch` steps with π
///       Â_t ← Σ_k (γλ)^k δ_{t+k}, brought to mean 0 and deviation 1;  π_old ← π
///       x ← F⁻¹ g by `cg-iters` steps of conjugate gradients
///       for s in √(2δ / xᵀ F x) · (1, c, c², ...), at most `backtrack-iters` of them:
///         θ ← θ_old + s x, and stop if mean(ρ Â) is better and KL(π_old ‖ π) ≤ δ;  otherwise θ ← θ_old
///       `train-v-iters` times:  φ ← φ - β ∇ mean (V(o) - target)²
public final class TRPO: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "trpo", TRPO.self,
    summary: "the natural gradient with a line search, which never exceeds its limit; steady on long tasks",
    paper: "Schulman et al. 2015 (arXiv 1502.05477)",
    own: [OnPolicySettings.discount, VPG.lambda, OnPolicySettings.valueTarget] + TrustRegion.settings + [
      tries, factor,
    ],
    metrics: ["line_search_steps"])

  /// How many lengths of a step are tried.
  public static let tries = Setting(
    "backtrack-iters", default: 10, in: 1...1000, "How many lengths of a step are tried.", source: "Spinning Up")
  /// How much shorter each length is than the one before.
  public static let factor = Setting(
    "backtrack-coeff", default: 0.8, in: 0.01...0.99, "How much shorter each length is than the one before.",
    source: "Spinning Up")

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
  private let search: LineSearch

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    lambda = settings[VPG.lambda]
    valueTarget = settings[OnPolicySettings.valueTarget]
    region = TrustRegion(settings, learner)
    search = LineSearch(tries: settings[Self.tries], factor: settings[Self.factor])
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateGeneralizedAdvantages(discount: discount, lambda: lambda)
    batch.estimateTargets(valueTarget, discount: discount)
    learner.prepare(batch, &metrics)

    let x = try region.naturalGradient(batch, &metrics)
    let before = learner.surrogate(batch)
    let tried = search.move(learner.policy.parameters, along: x, longest: region.longestStep(batch, along: x)) {
      let now = learner.surrogate(batch)
      return now.objective > before.objective && now.divergence <= region.maximumDivergence
    }
    metrics["line_search_steps"] = Double(tried ?? 0)
    learner.measure(batch, &metrics)
    try learner.fitValue(batch, &metrics)
  }
}
