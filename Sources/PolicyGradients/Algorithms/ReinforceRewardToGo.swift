extension Algorithm {
  /// REINFORCE with the reward-to-go, because an action cannot change what came before it.
  ///
  ///     ∇J = E[ Σ_t ∇ ln π(a_t|o_t) · Σ_{k≥t} r_k ]
  ///
  /// Spinning Up's second simple policy gradient. Discounting is a weight of its own, `discounted-reward-to-go`; with γ^t
  /// in front, `discounted-reward-to-go-from-start`, it is REINFORCE as in Sutton & Barto (2nd edition, section 13.3).
  public static let reinforceRewardToGo = Algorithm(
    name: "reinforce-rtg",
    summary: "reward-to-go instead of the whole return"
  ) {
    $0 = Algorithm.reinforce.configuration.renamed("reinforce-rtg")
    $0.weight = .rewardToGo
  }
}

extension Configuration {
  /// The same settings under another algorithm's name.
  func renamed(_ name: String) -> Configuration {
    var copy = self
    copy.algorithm = name
    return copy
  }
}
