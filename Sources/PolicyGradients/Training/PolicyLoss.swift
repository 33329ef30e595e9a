import NeuralNetworks

/// The loss whose gradient is the policy gradient: L = -mean(Φ ln π(a|o)) - c·mean(H(π(·|o))).
///
/// For further steps on the same batch it is -mean(Φ ρ) - c·mean(H), with ρ = π(a|o)/π_old(a|o); both have the same
/// gradient where π = π_old.
public final class PolicyLoss {
  let workspace = PolicyWorkspace()
  private let oldParameters = Memory<Float>(filledWith: 0)

  /// Creates the loss and its reusable memory.
  public init() {}

  /// Adds the gradient over the batch's learnable rows to the policy's, and returns the loss.
  ///
  /// - Parameter isFirst: takes the form with ln π, and keeps this policy as π_old; otherwise takes the form with ρ.
  @discardableResult
  public func accumulateGradients(
    _ policy: PolicyNetwork,
    _ batch: RolloutBuffer,
    entropyCoefficient: Double,
    isFirst: Bool = true
  ) -> Double {
    let (distribution, rows) = (policy.distribution, batch.learnableRows)
    let width = distribution.parameterCount
    oldParameters.reserve(rows * width)
    let old = oldParameters.pointer
    let scale = 1 / Float(max(rows, 1))
    let entropyWeight = Float(entropyCoefficient) * scale
    var loss = 0.0
    policy.accumulateGradients(batch.observations, rows: rows, workspace) { range, parameters, gradient in
      Self.mask(batch, range, parameters, width, distribution)
      if isFirst { (old + range.lowerBound * width).update(from: parameters, count: range.count * width) }
      for row in 0..<range.count {
        let (z, index) = (parameters + row * width, range.lowerBound + row)
        let action = batch.actions + index * batch.actionWidth
        let logProbability = distribution.logProbability(z, of: action)
        var weight = batch.advantages[index]
        if isFirst {
          loss -= Double(weight * logProbability)
        } else {
          weight *= exponential(logProbability - distribution.logProbability(old + index * width, of: action))
          loss -= Double(weight)
        }
        if entropyCoefficient != 0 { loss -= entropyCoefficient * Double(distribution.entropy(z)) }
        // Descent on L is ascent on Φ ln π, hence the signs.
        distribution.addGradient(
          z,
          of: action,
          weight: -scale * weight,
          entropyWeight: -entropyWeight,
          into: gradient + row * width
        )
      }
    }
    return loss / Double(max(rows, 1))
  }

  /// The mean KL(old ‖ new) and the mean entropy of the policy as it is now, over the batch that it has just learned from.
  public func compare(_ policy: PolicyNetwork, _ batch: RolloutBuffer) -> (divergence: Double, entropy: Double) {
    let (distribution, rows) = (policy.distribution, batch.learnableRows)
    let width = distribution.parameterCount
    var (divergence, entropy) = (0.0, 0.0)
    var first = 0
    while first < rows {
      let range = first..<min(first + MLP.blockRows, rows)
      let parameters = policy.forward(batch.observations + first * batch.observationWidth, rows: range.count, workspace)
      Self.mask(batch, range, parameters, width, distribution)
      for row in 0..<range.count {
        let z = parameters + row * width
        divergence += Double(distribution.divergence(from: oldParameters.pointer + (first + row) * width, to: z))
        entropy += Double(distribution.entropy(z))
      }
      first = range.upperBound
    }
    return (divergence / Double(max(rows, 1)), entropy / Double(max(rows, 1)))
  }

  private static func mask(
    _ batch: RolloutBuffer,
    _ range: Range<Int>,
    _ parameters: UnsafeMutablePointer<Float>,
    _ width: Int,
    _ distribution: ProductDistribution
  ) {
    guard batch.maskWidth > 0 else { return }
    for row in 0..<range.count {
      let mask = batch.masks + (range.lowerBound + row) * batch.maskWidth
      _ = distribution.apply(mask: mask, to: parameters + row * width)
    }
  }
}
