import NeuralNetworks

/// The loss whose gradient is the policy gradient: L = -mean(Φ ln π(a|o)) - c·mean(H(π(·|o))).
///
/// Further steps on the same batch use the importance ratio ρ = π(a|o)/π_old(a|o) instead of ln π. At π = π_old both have
/// the same gradient.
public final class PolicyLoss {
  /// What weighs Φ.
  public enum Form: Equatable, Sendable {
    /// ln π; the policy becomes π_old. Where the batch has recorded distributions they are that policy's.
    case logarithm
    /// ρ.
    case ratio
    /// The smaller of ρ·Φ and clip(ρ, 1 ± ε)·Φ, which gives no reason to go further than ε from π_old.
    ///
    /// Schulman et al. 2017 (arXiv 1707.06347), equation 7.
    case clippedRatio(Float)
    /// ρ, and KL(old ‖ new) costs this price β.
    ///
    /// Schulman et al. 2017 (arXiv 1707.06347), equation 8.
    case penalizedRatio(Float)

    /// The price of divergence.
    fileprivate var penalty: Float { if case .penalizedRatio(let price) = self { price } else { 0 } }
  }

  let workspace = PolicyWorkspace()
  /// The normalised parameters of π_old, where the batch has not recorded them.
  private let oldParameters = Memory<Float>(filledWith: 0)
  // One number for each row of a block.
  let logProbabilities = Memory<Float>(count: MLP.blockRows, filledWith: 0)
  let oldLogProbabilities = Memory<Float>(count: MLP.blockRows, filledWith: 0)
  private let weights = Memory<Float>(count: MLP.blockRows, filledWith: 0)
  let entropies = Memory<Float>(count: MLP.blockRows, filledWith: 0)
  let divergences = Memory<Float>(count: MLP.blockRows, filledWith: 0)

  /// Creates the loss and its reusable memory.
  public init() {}

  /// Adds the gradient over some of the rows that the policy learns from, and returns the loss.
  ///
  /// - Parameter rows: the rows to take the mean over; nil for all, which the form `logarithm` always means.
  @discardableResult
  public func accumulateGradients(
    _ policy: PolicyNetwork, _ batch: RolloutBuffer, rows: Range<Int>? = nil, entropyCoefficient: Double,
    form: Form = .logarithm
  ) -> Double {
    let distribution = policy.distribution
    let (normalized, width) = (distribution.normalized, distribution.parameterCount)
    let all = form == .logarithm ? 0..<batch.policyRows : rows ?? 0..<batch.policyRows
    let old = oldDistributions(of: batch, width: width)
    let isKnown = batch.distributionWidth > 0 && form == .logarithm
    let (logs, oldLogs) = (logProbabilities.pointer, oldLogProbabilities.pointer)
    let (weights, entropies) = (weights.pointer, entropies.pointer)
    let scale = 1 / Float(max(all.count, 1))
    let entropyWeight = Float(entropyCoefficient) * scale
    let observations = batch.observations + all.lowerBound * batch.observationWidth
    var loss = 0.0
    policy.accumulateGradients(observations, rows: all.count, workspace) { block, parameters, gradient in
      let first = all.lowerBound + block.lowerBound
      let (actions, advantages) = (batch.actions + first * batch.actionWidth, batch.advantages + first)
      let blockOld = old + first * width
      if !isKnown { Self.prepare(batch, first..<first + block.count, parameters, distribution) }
      if !isKnown, form == .logarithm { blockOld.update(from: parameters, count: block.count * width) }
      let current = isKnown ? blockOld : parameters
      normalized.logProbabilities(current, of: actions, rows: block.count, into: logs)
      if form != .logarithm { normalized.logProbabilities(blockOld, of: actions, rows: block.count, into: oldLogs) }
      if entropyCoefficient != 0 { normalized.entropies(current, rows: block.count, into: entropies) }
      if form.penalty > 0 {
        loss += penalize(form.penalty, normalized, from: blockOld, to: current, rows: block.count, scale, gradient)
      }
      for row in 0..<block.count {
        var (weight, term) = (advantages[row], advantages[row] * logs[row])
        if form != .logarithm { (weight, term) = form.weigh(advantages[row], exponential(logs[row] - oldLogs[row])) }
        loss -= Double(term)
        if entropyCoefficient != 0 { loss -= entropyCoefficient * Double(entropies[row]) }
        // Descent on L is ascent on Φ ln π, hence the signs.
        weights[row] = -scale * weight
      }
      normalized.addGradients(
        current, of: actions, rows: block.count, weights: weights, entropyWeight: -entropyWeight, into: gradient)
    }
    return loss / Double(max(all.count, 1))
  }

  /// Adds the gradient of the price of divergence over a block, and returns the sum of its rows.
  private func penalize(
    _ price: Float, _ distribution: ProductDistribution, from old: UnsafePointer<Float>, to new: UnsafePointer<Float>,
    rows: Int, _ scale: Float, _ gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    distribution.divergences(from: old, to: new, rows: rows, into: divergences.pointer)
    distribution.addDivergenceGradients(from: old, to: new, rows: rows, weight: price * scale, into: gradient)
    return (0..<rows).reduce(0) { $0 + Double(price * divergences[$1]) }
  }

  /// The normalised parameters of π_old, masked choices taken out, rows × width.
  func oldDistributions(of batch: RolloutBuffer, width: Int) -> UnsafeMutablePointer<Float> {
    if batch.distributionWidth > 0 { return batch.distributions }
    oldParameters.reserve(batch.policyRows * width)
    return oldParameters.pointer
  }

  /// Makes the policy π_old for the rows that the policy learns from.
  public func remember(_ policy: PolicyNetwork, _ batch: RolloutBuffer) {
    guard batch.distributionWidth == 0 else { return }
    let width = policy.distribution.parameterCount
    let old = oldDistributions(of: batch, width: width)
    forEachBlock(policy, batch) { range, parameters in
      (old + range.lowerBound * width).update(from: parameters, count: range.count * width)
    }
  }

  /// The mean KL(old ‖ new), and of the policy as it is now the mean entropy and the greatest σ (nil where no action is a
  /// real number), over the batch that it has just learned from.
  public func compare(
    _ policy: PolicyNetwork, _ batch: RolloutBuffer
  ) -> (divergence: Double, entropy: Double, largestSigma: Double?) {
    let (normalized, rows) = (policy.distribution.normalized, Double(max(batch.policyRows, 1)))
    let width = normalized.parameterCount
    let old = oldDistributions(of: batch, width: width)
    let (divergences, entropies) = (divergences.pointer, entropies.pointer)
    let sigmaColumns = policy.distribution.logSigmaColumns
    var (divergence, entropy, largestLogSigma) = (0.0, 0.0, -Float.infinity)
    forEachBlock(policy, batch) { range, parameters in
      let blockOld = old + range.lowerBound * width
      normalized.divergences(from: blockOld, to: parameters, rows: range.count, into: divergences)
      normalized.entropies(parameters, rows: range.count, into: entropies)
      for row in 0..<range.count {
        divergence += Double(divergences[row])
        entropy += Double(entropies[row])
        for column in sigmaColumns { largestLogSigma = max(largestLogSigma, parameters[row * width + column]) }
      }
    }
    return (divergence / rows, entropy / rows, sigmaColumns.isEmpty ? nil : Double(exponential(largestLogSigma)))
  }

  /// ln π(a|o) of one row's action, for the policy as it is now.
  func logProbability(_ policy: PolicyNetwork, _ batch: RolloutBuffer, row: Int) -> Float {
    let z = policy.forward(batch.observations + row * batch.observationWidth, rows: 1, workspace)
    Self.prepare(batch, row..<row + 1, z, policy.distribution)
    return policy.distribution.normalized.logProbability(z, of: batch.actions + row * batch.actionWidth)
  }

  /// Goes over the rows that the policy learns from, with the normalised parameters that it now computes for them.
  func forEachBlock(
    _ policy: PolicyNetwork, _ batch: RolloutBuffer, _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    var first = 0
    while first < batch.policyRows, first == 0 || !policy.main.isInterrupted() {
      let range = first..<min(first + MLP.blockRows, batch.policyRows)
      let parameters = policy.forward(batch.observations + first * batch.observationWidth, rows: range.count, workspace)
      Self.prepare(batch, range, parameters, policy.distribution)
      body(range, parameters)
      first = range.upperBound
    }
  }

  /// Takes forbidden choices out of the distributions of some rows, and normalises them.
  private static func prepare(
    _ batch: RolloutBuffer, _ range: Range<Int>, _ parameters: UnsafeMutablePointer<Float>,
    _ distribution: ProductDistribution
  ) {
    for row in 0..<(batch.maskWidth > 0 ? range.count : 0) {
      let mask = batch.masks + (range.lowerBound + row) * batch.maskWidth
      _ = distribution.apply(mask: mask, to: parameters + row * distribution.parameterCount)
    }
    distribution.normalize(parameters, rows: range.count)
  }
}

extension PolicyLoss.Form {
  /// The weight of ∇ ln π and the term of the objective, for an advantage and a ratio.
  fileprivate func weigh(_ advantage: Float, _ ratio: Float) -> (weight: Float, term: Float) {
    let product = ratio * advantage
    guard case .clippedRatio(let limit) = self else { return (product, product) }
    let clipped = max(1 - limit, min(1 + limit, ratio)) * advantage
    return clipped < product ? (0, clipped) : (product, product)
  }
}
