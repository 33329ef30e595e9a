import NeuralNetworks

/// F·v, F being the Fisher matrix of a policy over a batch: how the mean KL(π ‖ π') curves where π' = π.
///
/// F = mean(Jᵀ M J): J v by a pass of tangents, M by the distributions, Jᵀ by a backward pass. For the families here that
/// is exactly the second derivative of the mean KL. Source: J. Schulman et al., "Trust Region Policy Optimization" (2015,
/// arXiv 1502.05477), appendix C.
public final class FisherVectorProduct {
  private let workspace = PolicyWorkspace()
  private let tangents = PolicyTangents()

  /// Creates the reusable memory of the products.
  public init() {}

  /// Writes F·v to `product`, and uses the policy's gradients for it.
  ///
  /// - Parameters:
  ///   - observations: what the policy saw, rows × observationWidth.
  ///   - distributions: the parameters that it now computes from it, normalised, with masked choices taken out.
  ///   - direction: v, one number for each parameter of the policy.
  public func multiply(
    _ policy: PolicyNetwork, _ observations: UnsafePointer<Float>, distributions: UnsafePointer<Float>, rows: Int,
    by direction: UnsafePointer<Float>, into product: UnsafeMutablePointer<Float>
  ) {
    let (normalized, width) = (policy.distribution.normalized, policy.distribution.parameterCount)
    let observationWidth = policy.main.inputSize
    policy.parameters.zeroGradients()
    policy.accumulateGradients(observations, rows: rows, workspace) { block, _, gradient in
      let change = policy.tangents(
        along: direction, observations + block.lowerBound * observationWidth, rows: block.count, workspace, tangents)
      normalized.addFisherProducts(
        distributions + block.lowerBound * width, of: change, rows: block.count, weight: 1 / Float(rows),
        into: gradient)
    }
    for index in 0..<policy.parameters.count { product[index] = policy.parameters.gradients[index] }
  }
}
