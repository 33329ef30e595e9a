import NeuralNetworks

/// Lets the policy learn from actions that somebody else has chosen: after each update one pass of small steps along the
/// gradient of ln π over them.
///
/// The steps are those of the policy's learning rate times a weight, which falls to 0 over the run, so that in the end the
/// policy follows the rewards alone.
final class Imitation {
  private static let minibatchSize = 64

  /// What makes the steps.
  let optimizer: Adam
  private let rate: Double
  private let loss = LikelihoodLoss()
  private let rows: ForeignRows

  /// Prepares for a task; nil where the settings do not ask for it.
  init?(_ settings: SettingValues, _ policy: PolicyNetwork, _ task: AgentTask) {
    let weight = settings.declares(OnPolicySettings.imitation) ? settings[OnPolicySettings.imitation] : 0
    guard weight > 0 else { return nil }
    let policyRate = OptimizationSettings.policyLearningRate
    rate = weight * (settings.declares(policyRate) ? settings[policyRate] : 1e-3)
    optimizer = Adam(count: policy.parameters.count, learningRate: rate)
    rows = ForeignRows(task, most: Self.minibatchSize)
  }

  /// Learns from the foreign rows of a batch, whose order means nothing any more.
  ///
  /// - Parameter progress: how much of the run is over, 0 ... 1.
  func learn(_ batch: RolloutBuffer, _ policy: PolicyNetwork, progress: Double) throws(TrainingError) {
    optimizer.learningRate = rate * (1 - progress)
    rows.removeAll()
    for row in 0..<batch.learnableRows where batch.sources[row] == .other {
      rows.append(
        batch.observations + row * batch.observationWidth, batch.actions + row * batch.actionWidth,
        mask: batch.masks + row * batch.maskWidth)
      if rows.count == Self.minibatchSize { try step(policy) }
    }
    if rows.count > 0 { try step(policy) }
  }

  private func step(_ policy: PolicyNetwork) throws(TrainingError) {
    policy.parameters.zeroGradients()
    _ = loss.accumulateGradients(policy, rows)
    guard policy.parameters.clipGradients(toNorm: 1).isFinite else {
      throw .diverged(quantity: "gradient of what is imitated", update: optimizer.stepCount)
    }
    optimizer.step(policy.parameters)
    rows.removeAll()
  }
}
