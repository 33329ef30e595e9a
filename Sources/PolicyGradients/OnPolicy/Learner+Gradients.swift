import NeuralNetworks

// The two halves of a step: others may have computed the gradients of the second.
extension Learner {
  /// Computes the gradient of the policy's loss over some rows; 0 where there is nothing to learn from.
  func accumulatePolicyGradient(
    _ batch: RolloutBuffer, rows: Range<Int>? = nil, form: PolicyLoss.Form, _ metrics: inout Metrics
  ) throws(TrainingError) {
    policy.parameters.zeroGradients()
    guard batch.policyRows > 0 else { return }
    let value = loss.accumulateGradients(
      policy, batch, rows: rows, entropyCoefficient: entropyCoefficient, form: form)
    try requireTime()
    if metrics.isRecording, metrics["policy_loss"] == nil { metrics["policy_loss"] = value }
  }

  /// Makes one step of the policy by the gradient that is there.
  func stepByPolicyGradient(_ metrics: inout Metrics) throws(TrainingError) {
    let norm = try clip(policy.parameters, "policy's gradient")
    policyOptimizer?.step(policy.parameters)
    if metrics.isRecording, metrics["grad_norm"] == nil { metrics["grad_norm"] = norm }
  }

  /// Computes the gradient of mean (V(o) - target)² over some rows, and returns that mean; 0 where there is nothing to learn
  /// from.
  func accumulateValueGradient(_ batch: RolloutBuffer, rows: Range<Int>? = nil) throws(TrainingError) -> Double {
    guard let value else { return 0 }
    value.network.parameters.zeroGradients()
    let rows = rows ?? 0..<batch.learnableRows
    guard !rows.isEmpty else { return 0 }
    let error = value.accumulateGradients(
      batch.observations + rows.lowerBound * batch.observationWidth, targets: batch.targets + rows.lowerBound,
      rows: rows.count)
    try requireTime()
    return error
  }

  /// Makes one step of the value function by the gradient that is there.
  func stepByValueGradient() throws(TrainingError) {
    guard let value else { return }
    _ = try clip(value.network.parameters, "value function's gradient")
    valueOptimizer?.step(value.network.parameters)
  }
}
