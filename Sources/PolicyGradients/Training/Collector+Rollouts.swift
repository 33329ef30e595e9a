import Environments

// Groups whose sub-environments live with a copy of the policy: they are asked for many steps at once, which are then
// played back as if they were made here. So whatever counts or learns knows no difference.
extension Collector {
  /// Has every worker make a number of steps; all work at the same time.
  func obtain(steps: Int) throws {
    try obtain { _ in (steps, 0) }
  }

  /// Has every worker go on until its running episodes have ended, and then all as far as the one that took longest.
  ///
  /// - Parameter limit: the most steps.
  func obtainEnds(limit: Int) throws {
    try obtain { _ in (0, limit) }
    let longest = groups.compactMap { $0.rollouts?.waitingSteps }.max() ?? 0
    try obtain { worker in (longest - worker.waitingSteps, 0) }
  }

  private func obtain(_ steps: (any RolloutEnvironment) -> (steps: Int, furtherSteps: Int)) throws {
    guard let agent = agent as? any DistributedAgent else { return }
    let policy = agent.policyParts.map(\.numbers)
    var asked: [EnvironmentGroup] = []
    for group in groups {
      guard let worker = group.rollouts else { continue }
      let (steps, furtherSteps) = steps(worker)
      guard steps + furtherSteps > 0 else { continue }
      try worker.beginRollout(
        RolloutOrder(
          steps: steps, furtherSteps: furtherSteps, policyVersion: agent.updates, policy: policy,
          streamParts: agent.streamParts(group.streams).map(\.numbers)))
      asked.append(group)
    }
    for group in asked {
      guard let worker = group.rollouts else { continue }
      try agent.streamParts(group.streams).restore(try worker.finishRollout())
    }
  }

  /// Takes over the actions of the next step that is played back.
  func playBack(
    _ group: EnvironmentGroup, _ worker: any RolloutEnvironment, _ masks: UnsafePointer<UInt8>?
  ) throws -> UnsafePointer<Float> {
    let (actions, drawn) = try worker.nextStep()
    guard let agent = agent as? any DistributedAgent else { return actions }
    try agent.record(
      group.streams, on: observations.pointer + group.first * width, masks: masks, actions: actions, drawn: drawn)
    return actions
  }
}
