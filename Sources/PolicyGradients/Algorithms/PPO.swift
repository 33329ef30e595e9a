/// Proximal policy optimisation: several passes over each batch, held near the policy that collected it.
///
///     L = -E[ min(ρ_t Â_t, clip(ρ_t, 1 - ε, 1 + ε) Â_t) ],   ρ_t = π(a_t|o_t) / π_old(a_t|o_t)
///
/// Schulman et al. 2017 (arXiv 1707.06347). The gradient of the first step is the policy gradient of `vpg`. Unlike in
/// SB3 and CleanRL the advantages are normalised over the batch and not over the minibatch, and policy and value
/// function have their passes one after the other.
///
///     repeat:
///       collect `steps-per-epoch` steps with π
///       Â_t ← Σ_k (γλ)^k δ_{t+k}, brought to mean 0 and deviation 1;  π_old ← π
///       `train-pi-iters` times, or until KL(π_old ‖ π) > `target-kl`:
///         for each minibatch:  θ ← θ - α ∇L
///       `train-v-iters` times:
///         for each minibatch:  φ ← φ - β ∇ mean (V(o) - target)²
public final class PPO: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "ppo", PPO.self,
    summary: "several clipped passes over each batch; the one to begin with, for choices and for real-valued actions",
    paper: "Schulman et al. 2017 (arXiv 1707.06347)",
    own: [
      OnPolicySettings.discount, lambda, OnPolicySettings.valueTarget, clipRatio, passes, minibatchSize,
      targetDivergence,
    ],
    defaults: defaults)

  /// What its first choices are.
  static let defaults: [any AnySetting] = [
    RunSettings.epochs.defaulting(to: 48), RunSettings.stepsPerEpoch.defaulting(to: 1024),
    NetworkSettings.hiddenSizes.defaulting(forBoxTo: [64, 64]),
    NetworkSettings.initialLogSigma.defaulting(forBoxTo: 0.5),
    OnPolicySettings.normalizesObservations.defaulting(forBoxTo: true),
    OptimizationSettings.policyLearningRate.defaulting(to: 3e-3).defaulting(forBoxTo: 1e-3),
    OptimizationSettings.valueLearningRate.defaulting(to: 3e-3),
    OptimizationSettings.maximumGradientNorm.defaulting(to: 0.5, source: "SB3"),
    OnPolicySettings.scalesRewards.defaulting(to: true),
  ]

  /// The decay λ of generalised advantage estimation.
  public static let lambda = VPG.lambda.defaulting(to: 0.95, source: "Schulman et al. 2017")
  /// How far the importance ratio may move from 1 before a row gains nothing more.
  public static let clipRatio = Setting(
    "clip-ratio", default: 0.2, in: 0...1e6,
    "How far the importance ratio may move from 1 before a step gains nothing from it, ε; 0 for no limit.",
    source: "Schulman et al. 2017")
  /// How many passes of policy steps a batch gives.
  public static let passes = Setting(
    "train-pi-iters", default: 10, in: 1...10_000, "Passes of policy steps over each batch.",
    source: "Schulman et al. 2017")
  /// How many rows each step is taken on.
  public static let minibatchSize = Setting(
    "minibatch-size", default: 64, in: 0...1_000_000_000,
    "Rows of each step, drawn at random; 0 for the whole batch. Each pass uses every row once.",
    source: "Schulman et al. 2017")
  /// The divergence after which a batch gives no more policy steps.
  public static let targetDivergence = Setting(
    "target-kl", default: 0.0, in: 0...1e6,
    "Stop the passes over a batch once KL exceeds this many nats; 0 for never.")

  /// There is a value function.
  public static let learnsValue = true
  /// The discount γ.
  public let discount: Double
  private let learner: Learner
  private let lambda: Double
  private let valueTarget: ValueTarget
  private let form: PolicyLoss.Form
  private let passes: Int
  private let minibatchSize: Int
  private let targetDivergence: Double

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    lambda = settings[Self.lambda]
    valueTarget = settings[OnPolicySettings.valueTarget]
    let clipRatio = settings[Self.clipRatio]
    form = clipRatio > 0 ? .clippedRatio(Float(clipRatio)) : .ratio
    passes = settings[Self.passes]
    minibatchSize = settings[Self.minibatchSize]
    targetDivergence = settings[Self.targetDivergence]
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateGeneralizedAdvantages(discount: discount, lambda: lambda)
    batch.estimateTargets(valueTarget, discount: discount)
    learner.prepare(batch, &metrics)

    if minibatchSize > 0 { learner.shuffle(batch, rows: batch.policyRows) }
    learner.rememberPolicy(batch)
    for pass in 1...passes {
      for rows in batch.minibatches(of: minibatchSize, rows: batch.policyRows) {
        try learner.stepPolicy(batch, rows: rows, form: form, &metrics)
      }
      guard targetDivergence > 0 || pass == passes else { continue }
      let divergence = learner.measure(batch, always: targetDivergence > 0, &metrics)
      if targetDivergence > 0, divergence > targetDivergence { break }
    }
    try learner.fitValue(batch, minibatchSize: minibatchSize, &metrics)
  }
}
