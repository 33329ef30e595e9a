extension Learner {
  /// Writes ∇ (mean(Φ ln π) + c·mean(H)) to `gradient`, over all rows that the policy learns from.
  ///
  /// The policy becomes π_old.
  func findPolicyGradient(
    _ batch: RolloutBuffer, into gradient: UnsafeMutablePointer<Float>, _ metrics: inout Metrics
  ) throws(TrainingError) {
    let parameters = policy.parameters
    parameters.zeroGradients()
    let value = loss.accumulateGradients(policy, batch, entropyCoefficient: entropyCoefficient)
    try requireTime()
    let norm = parameters.gradientNorm
    guard norm.isFinite else { throw .diverged(quantity: "policy's gradient", update: updates) }
    for index in 0..<parameters.count { gradient[index] = -parameters.gradients[index] }
    metrics["policy_loss"] = value
    metrics["grad_norm"] = norm
  }

  /// What a step is to raise, mean(ρ Φ) + c·mean(H), and the mean KL(π_old ‖ π), of the policy as it is now.
  func surrogate(_ batch: RolloutBuffer) -> (objective: Double, divergence: Double) {
    loss.surrogate(policy, batch, entropyCoefficient: entropyCoefficient)
  }

  /// The normalised parameters of π_old, one row for each that the policy learns from.
  func oldDistributions(of batch: RolloutBuffer) -> UnsafePointer<Float> {
    UnsafePointer(loss.oldDistributions(of: batch, width: policy.distribution.parameterCount))
  }
}
