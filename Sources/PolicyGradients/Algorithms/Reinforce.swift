extension Algorithm {
  /// REINFORCE with the return of the whole episode.
  ///
  ///     ∇J = E[ Σ_t ∇ ln π(a_t|o_t) · R(τ) ],   R(τ) = Σ_t r_t
  ///
  /// Williams 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement learning". It is
  /// Spinning Up's first simple policy gradient: whole episodes, no discount, no baseline, the mean over all steps of the
  /// batch. It differs from that in nothing but the seeded resets at the start of each batch.
  public static let reinforce = Algorithm(
    name: "reinforce",
    summary: "whole-episode return (Williams 1992; Spinning Up's simple policy gradient)"
  ) {
    $0.weight = .return
    $0.baseline = .none
    $0.discount = 1
    $0.normalizesAdvantages = false
    $0.finishesEpisodes = true
    $0.epochs = 50
    $0.stepsPerEpoch = 5000
    $0.learningRateDecay = .none
  }
}
