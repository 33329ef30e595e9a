import Kernels

/// The natural gradient of a batch, and how far it may be followed.
///
///     F x = g,   g = ∇ (mean(ρ Φ) + c·mean(H)),   longest step: √(2δ / xᵀ F x) · x
///
/// Up to that length the quadratic model ½ θᵀFθ of KL(π_old ‖ π) is at most δ. S. Kakade, "A Natural Policy Gradient"
/// (2001); J. Schulman et al., "Trust Region Policy Optimization" (2015, arXiv 1502.05477), appendix C.
public final class TrustRegion {
  /// The divergence δ that a step may bring, in nats.
  public static let maximumDivergence = Setting(
    "max-kl", default: 0.01, aboveZeroTo: 1e3, "How far a step may go, δ, in nats of KL(old || new).",
    source: "Schulman et al. 2015")
  /// How many steps of conjugate gradients find the direction.
  public static let iterations = Setting(
    "cg-iters", default: 10, in: 1...1000, "Steps of conjugate gradients that find the direction.",
    source: "Schulman et al. 2015")
  /// What is added to the diagonal of the Fisher matrix.
  public static let damping = Setting(
    "cg-damping", default: 0.1, in: 0...1e6, "What is added to the diagonal of the Fisher matrix.",
    source: "Spinning Up")
  /// The settings of every trust region.
  public static let settings: [any AnySetting] = [maximumDivergence, iterations, damping]

  /// The divergence δ.
  public let maximumDivergence: Double
  private let learner: Learner
  private let iterations: Int
  private let damping: Float
  private let solver: ConjugateGradient
  private let fisher = FisherVectorProduct()
  private let gradient: Memory<Float>
  private let product: Memory<Float>

  /// Takes the settings out.
  public init(_ settings: SettingValues, _ learner: Learner) {
    self.learner = learner
    maximumDivergence = settings[Self.maximumDivergence]
    iterations = settings[Self.iterations]
    damping = Float(settings[Self.damping])
    let count = learner.policy.parameters.count
    solver = ConjugateGradient(count: count)
    gradient = Memory(count: count, filledWith: 0)
    product = Memory(count: count, filledWith: 0)
  }

  /// The direction x with (F + λ) x = g, λ being the damping, for the policy that collected a batch; valid until the next.
  public func naturalGradient(
    _ batch: RolloutBuffer, _ metrics: inout Metrics
  ) throws(TrainingError) -> UnsafePointer<Float> {
    try learner.findPolicyGradient(batch, into: gradient.pointer, &metrics)
    return solver.solve(gradient.pointer, iterations: iterations) { direction, product in
      multiply(batch, direction, into: product)
      Kernel.accumulate(damping, times: direction, count: learner.policy.parameters.count, into: product)
    }
  }

  /// √(2δ / xᵀ F x): how far a direction may be followed; 0 where it changes no distribution.
  ///
  /// - Parameter countsDamping: whether the damping belongs to F. Where the policy is nearly certain of its actions F is
  ///   nearly 0, and the length without the damping goes far beyond what the quadratic model is good for.
  public func longestStep(
    _ batch: RolloutBuffer, along direction: UnsafePointer<Float>, countsDamping: Bool = false
  ) -> Double {
    let count = learner.policy.parameters.count
    multiply(batch, direction, into: product.pointer)
    if countsDamping { Kernel.accumulate(damping, times: direction, count: count, into: product.pointer) }
    let curvature = Kernel.dot(direction, product.pointer, count: count)
    return curvature > 0 ? (2 * maximumDivergence / curvature).squareRoot() : 0
  }

  private func multiply(
    _ batch: RolloutBuffer, _ direction: UnsafePointer<Float>, into product: UnsafeMutablePointer<Float>
  ) {
    fisher.multiply(
      learner.policy, batch.observations, distributions: learner.oldDistributions(of: batch),
      rows: batch.policyRows, by: direction, into: product)
  }
}
