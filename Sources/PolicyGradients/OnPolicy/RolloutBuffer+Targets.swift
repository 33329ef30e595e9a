/// What the value function is fitted to.
public enum ValueTarget: String, SettingWord {
  /// The discounted reward-to-go, bootstrapped where the episode was cut: TD(1), Spinning Up's.
  case rewardToGo = "reward-to-go"
  /// Â_t + V(o_t), the return that the advantage itself estimates: TD(λ) for GAE, SB3's.
  case lambdaReturn = "lambda-return"
}

extension RolloutBuffer {
  /// Fills the targets, after the advantages have been estimated and before a baseline changes them.
  public func estimateTargets(_ target: ValueTarget, discount: Double) {
    switch target {
    case .rewardToGo: accumulateRewards(discount: Float(discount), into: targets)
    case .lambdaReturn: for row in 0..<rows { targets[row] = advantages[row] + values[row] }
    }
  }

  /// Fills the targets with r_t + γ V(o_{t+1}), those of one step: TD(0).
  public func estimateOneStepTargets(discount: Double) {
    for row in 0..<rows { targets[row] = rewards[row] + Float(discount) * nextValues[row] }
  }
}
