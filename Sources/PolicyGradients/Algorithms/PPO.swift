extension Algorithm {
  /// Proximal policy optimisation: several passes over each batch, held near the policy that collected it.
  ///
  ///     L = -E[ min(ρ_t Â_t, clip(ρ_t, 1 - ε, 1 + ε) Â_t) ],   ρ_t = π(a_t|o_t) / π_old(a_t|o_t)
  ///
  /// Schulman et al. 2017 (arXiv 1707.06347). The gradient of the first step is the policy gradient of `vpg`. Unlike in
  /// SB3 and CleanRL the advantages are normalised over the batch and not over the minibatch, and policy and value
  /// function have their passes one after the other.
  public static let ppo = Algorithm(
    name: "ppo",
    summary: "several clipped steps on each batch (Schulman et al. 2017)"
  ) {
    $0.gaeLambda = 0.95
    $0.stepsPerEpoch = 1024
    $0.epochs = 48
    $0.clipRatio = 0.2
    $0.policyIterations = 10
    $0.valueIterations = 10
    $0.minibatchSize = 64
    $0.scalesRewards = true
    $0.policyLearningRate = 3e-3
    $0.valueLearningRate = 3e-3
    $0.maximumGradientNorm = 0.5
  }
}
