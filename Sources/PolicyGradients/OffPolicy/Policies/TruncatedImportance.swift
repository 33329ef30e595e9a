/// The policy gradient along what another did, with importance weights that are cut at c, and what they lose by it put right.
///
///     g = min(c, ρ(a)) ∇ ln π(a) (Q^ret - V) + E_{b ~ π} [ [1 - c/ρ(b)]₊ ∇ ln π(b) (Q(b) - V) ],   ρ = π/μ
///
/// However far π is from μ, no weight is above c and the mean over a ~ μ stays that of ∇J, as long as Q is right where the
/// second term counts. Wang et al. 2017 (arXiv 1611.01224), equation 7.
///
/// An action of an unknown μ has ρ(a) = 0 and μ(b) = 0 for every b, which leaves E_π[∇ ln π(b) (Q(b) - V)].
public struct TruncatedImportance: Sendable {
  /// The greatest weight c.
  public let limit: Float

  /// Creates the rule for a greatest weight c.
  public init(limit: Double) { self.limit = Float(limit) }

  /// min(c, ρ).
  @inline(__always)
  public func weight(_ ratio: Float) -> Float { min(limit, ratio) }

  /// [1 - c/ρ]₊.
  @inline(__always)
  public func correction(_ ratio: Float) -> Float { ratio > limit ? 1 - limit / ratio : 0 }

  /// Adds g of one row over the logits of `count` choices, whose second term is a sum here.
  ///
  /// - Parameters:
  ///   - logs: ln π of every choice; -infinity where it is masked, which then has no gradient.
  ///   - behaviour: ln μ of every choice.
  ///   - ratio: ρ of the action.
  ///   - values: Q of every choice.
  ///   - advantage: Q^ret - V.
  ///   - value: V.
  public func addGradient(
    _ logs: UnsafePointer<Float>, behaviour: UnsafePointer<Float>, count: Int, action: Int, ratio: Float,
    values: UnsafePointer<Float>, advantage: Float, value: Float, into gradient: UnsafeMutablePointer<Float>
  ) {
    // ∂ ln π(b)/∂z_j = 1[b = j] - π(j): every term's weight goes to its own logit, and the sum of weights is shared out.
    let own = weight(ratio) * advantage
    var total = own
    gradient[action] += own
    for choice in 0..<count where logs[choice] > -.infinity {
      // [1 - c/ρ]₊ π, without a quotient that has no bound.
      let excess = max(0, exponential(logs[choice]) - limit * exponential(behaviour[choice]))
      let term = excess * (values[choice] - value)
      gradient[choice] += term
      total += term
    }
    for choice in 0..<count where logs[choice] > -.infinity { gradient[choice] -= total * exponential(logs[choice]) }
  }
}
