/// Synchronous advantage actor-critic, with n-step advantages and a bonus for entropy.
///
///     ∇J = E[ ∇ ln π(a_t|o_t) · (Σ_{k<n} γ^k r_{t+k} + γⁿ V(o_{t+n}) - V(o_t)) ] + c ∇H(π(·|o_t))
///
/// Mnih et al. 2016 (arXiv 1602.01783), the synchronous form. As in SB3 an update sees a few steps of each
/// sub-environment and the last of them look ahead less far; unlike there, the value function has an optimiser of its
/// own, so that no coefficient weighs the two losses against each other. SB3's sizes are: n = 5, RMSprop with a learning
/// rate of 7e-4, two hidden layers of 64.
///
///     repeat:
///       collect `min-horizon` steps of each sub-environment with π
///       Â_t ← n-step return - V(o_t)
///       θ ← θ + α ∇ (mean(Â ln π(a|o)) + c mean(H))
///       φ ← φ - β ∇ mean (V(o) - (Â + V_old(o)))²
public final class A2C: OnPolicyAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "a2c", A2C.self,
    summary: "n-step advantages, entropy bonus, frequent small updates; many fast environments",
    paper: "Mnih et al. 2016 (arXiv 1602.01783)",
    own: [OnPolicySettings.discount, stepCount, OnPolicySettings.valueTarget],
    defaults: [
      OnPolicySettings.stepsPerUpdate.defaulting(to: 80), OnPolicySettings.minimumHorizon.defaulting(to: 16),
      OnPolicySettings.normalizesAdvantages.defaulting(to: false), RunSettings.epochs.defaulting(to: 400),
      OptimizationSettings.entropyCoefficient.defaulting(to: 0.01, source: "Mnih et al. 2016"),
      OptimizationSettings.valueIterations.defaulting(to: 1),
      OptimizationSettings.policyLearningRate.defaulting(to: 3e-3),
      OptimizationSettings.valueLearningRate.defaulting(to: 6e-3),
      OptimizationSettings.maximumGradientNorm.defaulting(to: 0.5, source: "SB3"),
    ])

  /// The n of the n-step advantage.
  public static let stepCount = Setting("n-steps", default: 16, in: 1...1_000_000, "The n of the n-step advantage.")

  /// There is a value function.
  public static let learnsValue = true
  /// The discount γ.
  public let discount: Double
  private let learner: Learner
  private let stepCount: Int
  private let valueTarget: ValueTarget

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    stepCount = settings[Self.stepCount]
    valueTarget = settings[OnPolicySettings.valueTarget]
  }

  /// Learns from `batch`, which π has collected as it is.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    learner.evaluate(batch)
    batch.estimateStepAdvantages(steps: stepCount, discount: discount)
    batch.estimateTargets(valueTarget, discount: discount)
    learner.prepare(batch, &metrics)
    try learner.stepPolicy(batch, &metrics)
    learner.measure(batch, &metrics)
    try learner.fitValue(batch, &metrics)
  }
}
