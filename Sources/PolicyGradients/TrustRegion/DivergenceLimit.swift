/// Shortens a step of a distribution's parameters as little as possible, so that it leads away from another slowly.
///
///     z* = argmin ½‖g - z‖²  subject to kᵀz ≤ δ   =   g - max(0, (kᵀg - δ)/‖k‖²) k,   k = ∇ KL(other ‖ own)
///
/// The solution is in closed form, row by row, since the constraint is linear. Wang et al. 2017 (arXiv 1611.01224),
/// section 3.3.
public struct DivergenceLimit: Sendable {
  /// The most that a step may raise the divergence by, δ.
  public let limit: Float

  /// Creates the rule for a limit δ.
  public init(limit: Double) { self.limit = Float(limit) }

  /// Replaces g by z*, both of `count` numbers.
  @inline(__always)
  public func apply(
    to step: UnsafeMutablePointer<Float>, divergenceGradient: UnsafePointer<Float>, count: Int
  ) {
    var (slope, square): (Float, Float) = (0, 0)
    for index in 0..<count {
      slope += divergenceGradient[index] * step[index]
      square += divergenceGradient[index] * divergenceGradient[index]
    }
    guard slope > limit, square > 0 else { return }
    let factor = (slope - limit) / square
    for index in 0..<count { step[index] -= factor * divergenceGradient[index] }
  }
}
