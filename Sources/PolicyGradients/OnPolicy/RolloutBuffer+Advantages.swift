// The weights Φ_t of ∇ ln π(a_t|o_t) in the policy gradient E[Σ_t Φ_t ∇ ln π(a_t|o_t)] (Schulman et al. 2016, arXiv
// 1506.02438, section 2), before any baseline. Each is a recursion back in time from the rewards, ends, values and next
// values, and starts anew wherever an episode ended or the batch did. Where an episode was truncated, or the batch cut
// it, a value function adds what is still to come, V(final observation); where it terminated, nothing is.

extension RolloutBuffer {
  /// R(τ) = Σ r of the whole episode, before t and after.
  public func estimateReturns() {
    accumulateRewards(discount: 1, into: advantages)
    for row in environments..<max(rows, environments) where ends[row - environments] == .none {
      advantages[row] = advantages[row - environments]
    }
  }

  /// G_t = Σ_{k≥t} γ^{k-t} r_k, the reward-to-go.
  public func estimateRewardsToGo(discount: Double) {
    accumulateRewards(discount: Float(discount), into: advantages)
  }

  /// δ_t = r_t + γ V(o_{t+1}) - V(o_t), the advantage of one step.
  public func estimateErrors(discount: Double) { accumulateErrors(discount: discount, decay: 0) }

  /// Σ_k (γλ)^k δ_{t+k}, generalised advantage estimation.
  public func estimateGeneralizedAdvantages(discount: Double, lambda: Double) {
    accumulateErrors(discount: discount, decay: lambda)
  }

  /// Σ_{k<n} γ^k r_{t+k} + γⁿ V(o_{t+n}) - V(o_t), with fewer steps where the episode or the batch ends first.
  public func estimateStepAdvantages(steps stepCount: Int, discount: Double) {
    let (count, discount) = (environments, Float(discount))
    for first in 0..<rows {
      var (row, sum, factor) = (first, Float.zero, Float(1))
      var remaining = stepCount
      while true {
        sum += factor * rewards[row]
        factor *= discount
        remaining -= 1
        if remaining == 0 || ends[row] != .none || row + count >= rows { break }
        row += count
      }
      advantages[first] = sum + factor * nextValues[row] - values[first]
    }
  }

  /// Multiplies the weights by γ^t, t counting from the start of the episode: the gradient of the discounted objective.
  ///
  /// Sutton & Barto (2nd edition) have it in REINFORCE (section 13.3) and in the one-step actor-critic (section 13.5).
  public func discountFromStart(_ discount: Double) {
    for row in 0..<rows { advantages[row] *= Float(power(discount, Int(times[row]))) }
  }

  /// G_t = r_t + γ G_{t+1}, with V of what followed in the place of G_{t+1} where the recursion starts.
  func accumulateRewards(discount: Float, into sums: UnsafeMutablePointer<Float>) {
    let (count, rewards, nextValues) = (environments, rewards, nextValues)
    forEachRowBackwards { row, isLast in
      sums[row] = rewards[row] + discount * (isLast ? nextValues[row] : sums[row + count])
    }
  }

  /// A_t = δ_t + γλ A_{t+1}, with nothing in the place of A_{t+1} where the recursion starts.
  private func accumulateErrors(discount: Double, decay: Double) {
    let (count, discount, decay, advantages) = (environments, Float(discount), Float(decay), advantages)
    let (rewards, values, nextValues) = (rewards, values, nextValues)
    forEachRowBackwards { row, isLast in
      let error = rewards[row] + discount * nextValues[row] - values[row]
      advantages[row] = error + (isLast ? 0 : discount * decay * advantages[row + count])
    }
  }

  private func forEachRowBackwards(_ body: (_ row: Int, _ isLast: Bool) -> Void) {
    let (ends, firstOfLast) = (ends, rows - environments)
    var row = rows - 1
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
