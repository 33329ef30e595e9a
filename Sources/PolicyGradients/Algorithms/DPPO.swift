/// Distributed proximal policy optimisation: workers compute gradients of what they have collected, and every step is made by
/// the mean of those that are in.
///
///     L = -E[ ρ_t Â_t ] + λ KL + η max(0, KL - 2 KL_target)²,   KL = E[KL(π_old ‖ π)],   ρ_t = π(a_t|o_t) / π_old(a_t|o_t)
///
/// Heess et al. 2017 (arXiv 1707.02286), appendix A; `form` clip has the loss of `ppo` instead. λ adapts itself as β does in
/// `ppo-penalty`. With W workers and `late` D a step waits for W - D of them, and who is later sits out the update. Without
/// workers all gradients are of the one batch.
///
///     repeat:
///       each worker collects its share of `steps-per-epoch` steps with π;  Â ← GAE, brought to mean 0 and deviation 1
///       `train-pi-iters` times, for each of `minibatches` parts:
///         θ ← θ - α · mean of ∇L of W - D workers
///       KL < KL_target / 1.5: λ ← λ / 2;  KL > 1.5 KL_target: λ ← 2 λ
///       `train-v-iters` times, for each part:
///         φ ← φ - β · mean of ∇ mean (V(o) - target)² of W - D workers
public final class DPPO: SharedGradientAlgorithm {
  /// The entry in the catalog.
  public static let algorithm = Algorithm.onPolicy(
    "dppo", DPPO.self,
    summary: "ppo with gradients from many workers, which need not wait for the slowest",
    paper: "Heess et al. 2017 (arXiv 1707.02286)",
    own: [
      OnPolicySettings.discount, PPO.lambda, OnPolicySettings.valueTarget, form, targetDivergence, hingeWeight,
      PPOPenalty.initialPenalty, PPO.clipRatio, PPO.passes, minibatchCount,
    ],
    defaults: PPO.defaults, metrics: ["kl_penalty", "late_workers"])

  /// What holds the policy near the one that collected.
  public enum Form: String, SettingWord {
    /// A price on divergence.
    case penalty
    /// The clipped ratio of `ppo`.
    case clip
  }

  /// What holds the policy near the one that collected.
  public static let form = Setting(
    "form", default: Form.penalty, "What holds the policy near the old one: a price on divergence, or ppo's clipping.",
    source: "Heess et al. 2017")
  /// KL_target.
  public static let targetDivergence = PPOPenalty.targetDivergence
  /// η.
  public static let hingeWeight = Setting(
    "kl-hinge", default: 1000.0, in: 0...1e9,
    "The weight η of max(0, KL - 2 KL_target)², which stops what goes much too far.", source: "Heess et al. 2017")
  /// How many steps a pass has.
  public static let minibatchCount = Setting(
    "minibatches", default: 8, in: 1...100_000,
    "How many parts each worker's batch is cut into, each for one step of a pass.")

  /// There is a value function.
  public static let learnsValue = true
  /// Every step waits for the gradients of the others.
  public static let isAsynchronous = false
  /// The discount γ.
  public let discount: Double
  /// The price λ of divergence, in the next update.
  public var penalty: Double { price.value }
  private let learner: Learner
  private let lambda: Double
  private let valueTarget: ValueTarget
  private let form: Form
  private let price: DivergencePenalty
  private let hingeWeight: Double
  private let clipRatio: Float
  private let minibatches: Int
  private let policyRounds: Int
  private let valueRounds: Int

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    discount = settings[OnPolicySettings.discount]
    lambda = settings[PPO.lambda]
    valueTarget = settings[OnPolicySettings.valueTarget]
    form = settings[Self.form]
    hingeWeight = settings[Self.hingeWeight]
    price = DivergencePenalty(settings[PPOPenalty.initialPenalty], target: settings[Self.targetDivergence])
    clipRatio = Float(settings[PPO.clipRatio])
    minibatches = settings[Self.minibatchCount]
    policyRounds = settings[PPO.passes] * minibatches
    valueRounds = settings[OptimizationSettings.valueIterations] * minibatches
  }

  /// The steps of the policy, and then those of the value function.
  public var rounds: Int { policyRounds + valueRounds }
  /// One of them.
  public func functions(_ round: Int) -> Set<LearnedFunction> { round < policyRounds ? [.policy] : [.value] }

  /// λ.
  public var parts: [Part] { [price.part] }

  /// The advantages, by V as it was while π acted, and π_old.
  public func begin(_ batch: RolloutBuffer, _ metrics: inout Metrics) {
    learner.evaluate(batch)
    batch.estimateGeneralizedAdvantages(discount: discount, lambda: lambda)
    batch.estimateTargets(valueTarget, discount: discount)
    learner.prepare(batch, &metrics)
    learner.shuffle(batch, rows: batch.policyRows)
    learner.rememberPolicy(batch)
  }

  /// ∇L, or once the policy has made its steps ∇ mean (V(o) - target)², of the round's part of the batch.
  public func accumulateGradients(
    _ round: Int, _ batch: RolloutBuffer, _ metrics: inout Metrics
  ) throws(TrainingError) {
    if round < policyRounds {
      let rows = part(round, of: batch.policyRows)
      return try learner.accumulatePolicyGradient(batch, rows: rows, form: try loss(batch, &metrics), &metrics)
    }
    if round == policyRounds {
      learner.measure(batch, always: true, &metrics)
      learner.shuffle(batch, rows: batch.learnableRows)
    }
    let error = try learner.accumulateValueGradient(
      batch, rows: part(round - policyRounds, of: batch.learnableRows))
    if metrics["value_loss"] == nil { metrics["value_loss"] = error }
  }

  /// A step of either; λ changes when the policy has made its last.
  public func step(_ round: Int, _ metrics: inout Metrics) throws(TrainingError) {
    guard round >= policyRounds else { return try learner.stepByPolicyGradient(&metrics) }
    if round == policyRounds {
      metrics["kl_penalty"] = penalty
      price.adapt(to: metrics["kl"] ?? price.target)
    }
    try learner.stepByValueGradient()
  }

  private func part(_ round: Int, of rows: Int) -> Range<Int> {
    let index = round % minibatches
    return index * rows / minibatches..<(index + 1) * rows / minibatches
  }

  /// The loss with the price of divergence as it is: the gradient of the hinge is 2η max(0, KL - 2 KL_target) ∇KL.
  private func loss(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) -> PolicyLoss.Form {
    if form == .clip { return clipRatio > 0 ? .clippedRatio(clipRatio) : .ratio }
    var ignored = Metrics()
    let divergence = hingeWeight > 0 ? learner.measure(batch, always: true, &ignored) : 0
    return .penalizedRatio(Float(penalty + 2 * hingeWeight * max(0, divergence - 2 * price.target)))
  }
}
