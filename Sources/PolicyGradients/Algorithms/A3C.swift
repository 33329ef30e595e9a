/// Asynchronous advantage actor-critic: workers act by copies of the networks, and their gradients are applied as they come.
///
///     dθ = Σ_t ∇ ln π(a_t|o_t) (R_t - V(o_t)) + c ∇ H,   dφ = Σ_t ∇ (R_t - V(o_t))²,   R_t = r_t + γ R_{t+1}
///
/// Mnih et al. 2016 (arXiv 1602.01783), algorithm S3, with means in the place of sums. RMSprop's mean squares are shared by
/// all workers, as their section 4 found best. Without workers it is one worker, which waits for its own step: `a2c` with
/// shared n.
///
///     each worker repeats:
///       θ' ← θ;  φ' ← φ
///       collect t_max = `min-horizon` steps with π_θ';  R ← V(o) where the batch ends, 0 after a terminal step
///       compute dθ and dφ by θ' and φ'
///       θ, φ ← a step of RMSprop by dθ, dφ, whatever the others have made of θ and φ meanwhile
public final class A3C: SharedGradientAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "a3c", A3C.self,
    summary: "a2c of many workers that wait for nobody; for slow environments on many machines or processors",
    paper: "Mnih et al. 2016 (arXiv 1602.01783)",
    own: [OnPolicySettings.discount],
    defaults: [
      OnPolicySettings.stepsPerUpdate.defaulting(to: 1),
      OnPolicySettings.minimumHorizon.defaulting(to: 20, source: "Mnih et al. 2016"),
      OnPolicySettings.normalizesAdvantages.defaulting(to: false), RunSettings.epochs.defaulting(to: 200),
      RunSettings.stepsPerEpoch.defaulting(to: 1000),
      OptimizationSettings.optimizer.defaulting(to: .rmsprop, source: "Mnih et al. 2016"),
      OptimizationSettings.entropyCoefficient.defaulting(to: 0.01, source: "Mnih et al. 2016"),
      OptimizationSettings.valueIterations.defaulting(to: 1),
      OptimizationSettings.policyLearningRate.defaulting(to: 3e-3),
      OptimizationSettings.valueLearningRate.defaulting(to: 6e-3),
      OptimizationSettings.maximumGradientNorm.defaulting(to: 0.5, source: "SB3"),
    ], metrics: ["staleness"])

  /// There is a value function.
  public static let learnsValue = true
  /// Nobody is waited for.
  public static let isAsynchronous = true
  /// The discount γ.
  public let discount: Double
  /// Both networks make their step at once.
  public let rounds = 1
  /// Both of them.
  public func functions(_ round: Int) -> Set<LearnedFunction> { [.policy, .value] }
  private let learner: Learner

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
  }

  /// R_t - V(o_t) and R_t, from the end of the batch on.
  public func begin(_ batch: RolloutBuffer, _ metrics: inout Metrics) {
    learner.evaluate(batch)
    batch.estimateStepAdvantages(steps: max(1, batch.steps), discount: discount)
    batch.estimateTargets(.lambdaReturn, discount: discount)
    learner.prepare(batch, &metrics)
  }

  /// dθ and dφ.
  public func accumulateGradients(
    _ round: Int, _ batch: RolloutBuffer, _ metrics: inout Metrics
  ) throws(TrainingError) {
    try learner.accumulatePolicyGradient(batch, form: .logarithm, &metrics)
    learner.measure(batch, &metrics)
    metrics["value_loss"] = try learner.accumulateValueGradient(batch)
  }

  /// A step of each.
  public func step(_ round: Int, _ metrics: inout Metrics) throws(TrainingError) {
    try learner.stepByPolicyGradient(&metrics)
    try learner.stepByValueGradient()
  }
}
