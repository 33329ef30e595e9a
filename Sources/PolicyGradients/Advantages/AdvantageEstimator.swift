/// Computes the weights Φ_t of a batch, and what its value function is fitted to.
///
/// Each is a recursion back in time, which starts anew wherever an episode ended or the batch did.
public struct AdvantageEstimator: Equatable, Sendable {
  /// Which weight.
  public var weight: AdvantageWeight
  /// The discount γ.
  public var discount: Double
  /// The decay λ of generalised advantage estimation.
  public var gaeLambda: Double
  /// The number n of steps of the n-step advantage.
  public var stepCount: Int

  /// Creates an estimator.
  public init(weight: AdvantageWeight, discount: Double, gaeLambda: Double = 1, stepCount: Int = 1) {
    self.weight = weight
    self.discount = discount
    self.gaeLambda = gaeLambda
    self.stepCount = stepCount
  }

  /// Fills `advantages` from the rewards, ends, times, values and next values of `batch`.
  public func estimateWeights(_ batch: RolloutBuffer) {
    switch weight {
    case .return:
      accumulateRewards(batch, discount: 1, into: batch.advantages)
      spreadReturns(batch)
    case .rewardToGo: accumulateRewards(batch, discount: 1, into: batch.advantages)
    case .discountedRewardToGo: accumulateRewards(batch, discount: Float(discount), into: batch.advantages)
    case .discountedRewardToGoFromStart:
      accumulateRewards(batch, discount: Float(discount), into: batch.advantages)
      discountFromStart(batch)
    case .temporalDifference: accumulateErrors(batch, decay: 0)
    case .temporalDifferenceFromStart:
      accumulateErrors(batch, decay: 0)
      discountFromStart(batch)
    case .nStep: lookAhead(batch)
    case .generalizedAdvantage: accumulateErrors(batch, decay: Float(gaeLambda))
    }
  }

  /// Fills `targets`, after the weights have been estimated and before a baseline changes them.
  public func estimateTargets(_ batch: RolloutBuffer, _ target: ValueTarget) {
    if target == .lambdaReturn, weight == .nStep || weight == .generalizedAdvantage || weight == .temporalDifference {
      for row in 0..<batch.rows { batch.targets[row] = batch.advantages[row] + batch.values[row] }
    } else if weight == .temporalDifferenceFromStart || weight == .temporalDifference {
      for row in 0..<batch.rows { batch.targets[row] = batch.rewards[row] + Float(discount) * batch.nextValues[row] }
    } else {
      accumulateRewards(batch, discount: weight.isDiscounted ? Float(discount) : 1, into: batch.targets)
    }
  }

  /// G_t = r_t + γ G_{t+1}, with V of what followed in the place of G_{t+1} where the recursion starts.
  private func accumulateRewards(_ batch: RolloutBuffer, discount: Float, into sums: UnsafeMutablePointer<Float>) {
    let (count, rewards, nextValues) = (batch.environments, batch.rewards, batch.nextValues)
    forEachRowBackwards(batch) { row, isLast in
      sums[row] = rewards[row] + discount * (isLast ? nextValues[row] : sums[row + count])
    }
  }

  /// A_t = δ_t + γλ A_{t+1}, with nothing in the place of A_{t+1} where the recursion starts.
  private func accumulateErrors(_ batch: RolloutBuffer, decay: Float) {
    let (count, discount, advantages) = (batch.environments, Float(discount), batch.advantages)
    let (rewards, values, nextValues) = (batch.rewards, batch.values, batch.nextValues)
    forEachRowBackwards(batch) { row, isLast in
      let error = rewards[row] + discount * nextValues[row] - values[row]
      advantages[row] = error + (isLast ? 0 : discount * decay * advantages[row + count])
    }
  }

  /// Σ_{k<n} γ^k r_{t+k} + γⁿ V(s_{t+n}) - V(s_t), with fewer steps where the episode or the batch ends first.
  private func lookAhead(_ batch: RolloutBuffer) {
    let (count, discount) = (batch.environments, Float(discount))
    for first in 0..<batch.rows {
      var (row, sum, factor) = (first, Float.zero, Float(1))
      var remaining = stepCount
      while true {
        sum += factor * batch.rewards[row]
        factor *= discount
        remaining -= 1
        if remaining == 0 || batch.ends[row] != .none || row + count >= batch.rows { break }
        row += count
      }
      batch.advantages[first] = sum + factor * batch.nextValues[row] - batch.values[first]
    }
  }

  /// Gives every step of an episode what its first step in the batch has.
  private func spreadReturns(_ batch: RolloutBuffer) {
    let count = batch.environments
    for row in count..<max(batch.rows, count) where batch.ends[row - count] == .none {
      batch.advantages[row] = batch.advantages[row - count]
    }
  }

  /// Multiplies by γ^t, t counting from the start of the episode.
  private func discountFromStart(_ batch: RolloutBuffer) {
    for row in 0..<batch.rows {
      batch.advantages[row] *= Float(power(discount, Int(batch.times[row])))
    }
  }

  private func forEachRowBackwards(_ batch: RolloutBuffer, _ body: (_ row: Int, _ isLast: Bool) -> Void) {
    let (ends, firstOfLast) = (batch.ends, batch.rows - batch.environments)
    var row = batch.rows - 1
    while row >= 0 {
      body(row, row >= firstOfLast || ends[row] != .none)
      row -= 1
    }
  }
}

/// By repeated squaring, which gives the same bits on every platform.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, square, remaining) = (1.0, base, exponent)
  while remaining > 0 {
    if remaining & 1 == 1 { result *= square }
    square *= square
    remaining >>= 1
  }
  return result
}
