import Kernels

/// A constant that is subtracted from the weights to lessen the variance of the gradient, and leaves its mean as it is.
public enum Baseline: String, SettingWord {
  /// Nothing.
  case none
  /// The mean of the batch's weights.
  case average
  /// E[‖∇ ln π‖² Φ] / E[‖∇ ln π‖²], the constant of least variance (Greensmith et al. 2004; Peters & Schaal 2008).
  case optimal
}

extension Learner {
  /// Subtracts a constant from the weights of the rows that the policy learns from.
  func subtract(_ baseline: Baseline, from batch: RolloutBuffer) {
    let (rows, advantages) = (batch.policyRows, batch.advantages)
    guard rows > 0 else { return }
    let constant: Double
    switch baseline {
    case .none: return
    case .average: constant = Kernel.mean(advantages, count: rows)
    case .optimal: constant = OptimalBaseline.estimate(policy, batch)
    }
    for row in 0..<rows { advantages[row] -= Float(constant) }
  }
}
