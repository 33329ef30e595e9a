import Kernels

/// The constant that makes the variance of the policy gradient least: b = E[‖g‖² Φ] / E[‖g‖²], g = ∇ ln π(a|o).
///
/// Greensmith, Bartlett & Baxter 2004, "Variance reduction techniques for gradient estimates in reinforcement learning";
/// Peters & Schaal 2008. Each step counts as a sample of its own; ‖g‖² is exact, from a backward pass for each row.
public enum OptimalBaseline {
  /// Estimates b from the rows of a batch that the policy learns from; 0 where every gradient vanishes.
  ///
  /// What the policy had gathered as its gradient is lost.
  public static func estimate(_ policy: PolicyNetwork, _ batch: RolloutBuffer) -> Double {
    let (parameters, distribution, workspace) = (policy.parameters, policy.distribution, PolicyWorkspace())
    var (weighted, total) = (0.0, 0.0)
    for row in 0..<batch.policyRows {
      parameters.zeroGradients()
      let observation = batch.observations + row * batch.observationWidth
      policy.accumulateGradients(observation, rows: 1, workspace) { _, z, gradient in
        if batch.maskWidth > 0 { _ = distribution.apply(mask: batch.masks + row * batch.maskWidth, to: z) }
        let action = batch.actions + row * batch.actionWidth
        distribution.addGradient(z, of: action, weight: 1, entropyWeight: 0, into: gradient)
      }
      let norm = parameters.gradientNorm
      weighted += norm * norm * Double(batch.advantages[row])
      total += norm * norm
    }
    return total > 0 ? weighted / total : 0
  }
}
