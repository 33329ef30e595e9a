extension Algorithm {
  /// REINFORCE with a learned baseline.
  ///
  ///     ∇J = E[ Σ_t ∇ ln π(a_t|o_t) · (G_t - V(o_t)) ],   G_t = Σ_{k≥t} γ^{k-t} r_k
  ///
  /// Sutton & Barto, 2nd edition, section 13.4, in batches of whole episodes, without γ^t and with several steps of the
  /// value function a batch. V is fitted to G after the policy step, so that the baseline does not depend on the actions.
  public static let reinforceBaseline = Algorithm(
    name: "reinforce-baseline",
    summary: "discounted reward-to-go less a learned value function"
  ) {
    $0.weight = .discountedRewardToGo
    $0.baseline = .value
    $0.valueTarget = .rewardToGo
    $0.finishesEpisodes = true
    $0.epochs = 50
    $0.stepsPerEpoch = 2000
  }
}
