/// Returns of a policy π along what another did, which look as far ahead as the two agree.
///
///     Q^ret(o_t, a_t) = r_t + γ (c_{t+1} (Q^ret(o_{t+1}, a_{t+1}) - Q(o_{t+1}, a_{t+1})) + V(o_{t+1}))
///
/// With c = min(1, π(a)/μ(a)) it is Retrace, safe for any behaviour μ and efficient near π; with c = 1 it corrects nothing
/// (Harutyunyan et al. 2016). Munos et al. 2016 (arXiv 1606.02647); Wang et al. 2017 (arXiv 1611.01224), equation 5.
public struct Retrace: Sendable {
  /// The discount γ.
  public let discount: Float

  /// Creates the recursion for a discount γ.
  public init(discount: Double) { self.discount = Float(discount) }

  /// Writes Q^ret of every transition of a batch to `targets`; a stretch's last row is left as it is.
  ///
  /// - Parameters:
  ///   - values: V(o) of each row, those of the last observations included.
  ///   - actionValues: Q(o, a) of each transition.
  ///   - traces: c of each transition; nil for 1.
  public func estimate(
    _ batch: TrajectoryBatch, values: UnsafePointer<Float>, actionValues: UnsafePointer<Float>,
    traces: UnsafePointer<Float>?, into targets: UnsafeMutablePointer<Float>
  ) {
    for stretch in batch.stretches {
      let last = stretch.first + stretch.count
      var ahead = stretch.isTerminated ? 0 : values[last]
      for row in (stretch.first..<last).reversed() {
        targets[row] = batch.rewards[row] + discount * ahead
        ahead = (traces?[row] ?? 1) * (targets[row] - actionValues[row]) + values[row]
      }
    }
  }
}
