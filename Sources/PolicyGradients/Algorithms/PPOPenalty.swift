/// Proximal policy optimisation with a penalty: several passes over each batch, and a price for leaving the old policy.
///
///     L = -E[ ρ_t Â_t ] + β E[ KL(π_old ‖ π) ],   ρ_t = π(a_t|o_t) / π_old(a_t|o_t)
///
/// Schulman et al. 2017 (arXiv 1707.06347), section 4. After each batch β is halved where the divergence d has stayed below
/// d_targ / 1.5, and doubled where it has come above 1.5 d_targ. The advantages and the value function are those of `ppo`.
///
///     β ← β₀
///     repeat:
///       collect `steps-per-epoch` steps with π
///       Â_t ← Σ_k (γλ)^k δ_{t+k}, brought to mean 0 and deviation 1;  π_old ← π
///       `train-pi-iters` times:
///         for each minibatch:  θ ← θ - α ∇L
///       d ← KL(π_old ‖ π);  d < d_targ / 1.5: β ← β / 2;  d > 1.5 d_targ: β ← 2 β
///       `train-v-iters` times:
///         for each minibatch:  φ ← φ - β ∇ mean (V(o) - target)²
public final class PPOPenalty: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "ppo-penalty", PPOPenalty.self,
    summary: "the passes of ppo, held back by a price on divergence that adapts itself, instead of clipping",
    paper: "Schulman et al. 2017 (arXiv 1707.06347), section 4",
    own: [
      OnPolicySettings.discount, PPO.lambda, OnPolicySettings.valueTarget, targetDivergence, initialPenalty, PPO.passes,
      PPO.minibatchSize,
    ],
    defaults: [
      RunSettings.epochs.defaulting(to: 48), RunSettings.stepsPerEpoch.defaulting(to: 1024),
      OptimizationSettings.policyLearningRate.defaulting(to: 3e-3),
      OptimizationSettings.valueLearningRate.defaulting(to: 3e-3),
      OptimizationSettings.maximumGradientNorm.defaulting(to: 0.5, source: "SB3"),
      OnPolicySettings.scalesRewards.defaulting(to: true),
    ], metrics: ["kl_penalty"])

  /// The divergence d_targ that a batch is to bring.
  public static let targetDivergence = Setting(
    "target-kl", default: 0.01, aboveZeroTo: 1e3, "The divergence in nats that each batch is to bring, d_targ.",
    source: "Schulman et al. 2017")
  /// β at the beginning.
  public static let initialPenalty = Setting(
    "kl-penalty", default: 1.0, aboveZeroTo: 1e6, "The price β of divergence at the beginning.",
    source: "Schulman et al. 2017")

  /// There is a value function.
  public static let learnsValue = true
  /// The discount γ.
  public let discount: Double
  /// The price β of divergence, in the next update.
  public var penalty: Double { price.value }
  private let learner: Learner
  private let lambda: Double
  private let valueTarget: ValueTarget
  private let price: DivergencePenalty
  private let passes: Int
  private let minibatchSize: Int

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    lambda = settings[PPO.lambda]
    valueTarget = settings[OnPolicySettings.valueTarget]
    price = DivergencePenalty(settings[Self.initialPenalty], target: settings[Self.targetDivergence])
    passes = settings[PPO.passes]
    minibatchSize = settings[PPO.minibatchSize]
  }

  /// β.
  public var parts: [Part] { [price.part] }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateGeneralizedAdvantages(discount: discount, lambda: lambda)
    batch.estimateTargets(valueTarget, discount: discount)
    learner.prepare(batch, &metrics)

    if minibatchSize > 0 { learner.shuffle(batch, rows: batch.policyRows) }
    learner.rememberPolicy(batch)
    for _ in 1...passes {
      for rows in batch.minibatches(of: minibatchSize, rows: batch.policyRows) {
        try learner.stepPolicy(batch, rows: rows, form: .penalizedRatio(Float(penalty)), &metrics)
      }
    }
    metrics["kl_penalty"] = penalty
    let divergence = learner.measure(batch, always: true, &metrics)
    try learner.fitValue(batch, minibatchSize: minibatchSize, &metrics)
    if batch.policyRows > 0 { price.adapt(to: divergence) }
  }
}
