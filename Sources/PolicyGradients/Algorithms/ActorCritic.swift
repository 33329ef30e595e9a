extension Algorithm {
  /// The one-step actor-critic, which learns from every step at once.
  ///
  ///     δ = r + γ V(o') - V(o),   w ← w + α_w δ ∇V(o),   θ ← θ + α_θ γ^t δ ∇ ln π(a|o)
  ///
  /// Sutton & Barto, 2nd edition, section 13.5. With several sub-environments the step is the mean over theirs.
  public static let actorCritic = Algorithm(
    name: "actor-critic",
    summary: "one-step TD error, an update at every step (Sutton & Barto)"
  ) {
    $0.weight = .temporalDifferenceFromStart
    $0.stepsPerUpdate = 1
    $0.minimumHorizon = 1
    $0.normalizesAdvantages = false
    $0.valueIterations = 1
    $0.policyLearningRate = 5e-4
    $0.valueLearningRate = 2e-3
    $0.epochs = 400
  }
}
