extension Algorithm {
  /// Synchronous advantage actor-critic, with n-step advantages and a bonus for entropy.
  ///
  ///     ∇J = E[ ∇ ln π(a_t|o_t) · (Σ_{k<n} γ^k r_{t+k} + γⁿ V(o_{t+n}) - V(o_t)) ] + c ∇H(π(·|o_t))
  ///
  /// Mnih et al. 2016 (arXiv 1602.01783), the synchronous form. As in SB3 an update sees a few steps of each
  /// sub-environment and the last of them look ahead less far; unlike there, the value function has an optimiser of its
  /// own, so that no coefficient weighs the two losses against each other. SB3's sizes are: n = 5, RMSprop with a learning
  /// rate of 7e-4, two hidden layers of 64.
  public static let a2c = Algorithm(
    name: "a2c",
    summary: "n-step advantages, entropy bonus, frequent small updates (Mnih et al. 2016)"
  ) {
    $0.weight = .nStep
    $0.stepCount = 16
    $0.stepsPerUpdate = 80
    $0.minimumHorizon = 16
    $0.normalizesAdvantages = false
    $0.entropyCoefficient = 0.01
    $0.valueIterations = 1
    $0.policyLearningRate = 3e-3
    $0.valueLearningRate = 6e-3
    $0.maximumGradientNorm = 0.5
    $0.epochs = 400
  }
}
