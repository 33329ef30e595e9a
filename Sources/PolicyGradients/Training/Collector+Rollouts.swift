import Environments

// Groups whose sub-environments live with a copy of the policy: they are asked for many steps at once, which are then
// played back as if they were made here. So whatever counts or learns knows no difference.
extension Collector {
  /// Has every worker make a number of steps; all work at the same time, and `meanwhile` is called then.
  func obtain(steps: Int, meanwhile: () throws -> Void) throws {
    try obtain({ _ in (steps, 0) }, meanwhile: meanwhile)
  }

  /// Has every worker go on until its running episodes have ended, and then all as far as the one that took longest.
  ///
  /// - Parameter limit: the most steps.
  func obtainEnds(limit: Int) throws {
    try obtain { _ in (0, limit) }
    let longest = groups.compactMap { $0.rollouts?.waitingSteps }.max() ?? 0
    try obtain { worker in (longest - worker.waitingSteps, 0) }
  }

  private func obtain(
    _ steps: (any RolloutEnvironment) -> (steps: Int, furtherSteps: Int), meanwhile: () throws -> Void = {}
  ) throws {
    guard let agent = agent as? any DistributedAgent else { return }
    let policy = agent.policyParts.map(\.numbers)
    for group in groups {
      guard let worker = group.rollouts else { continue }
      let (steps, furtherSteps) = steps(worker)
      guard steps + furtherSteps > 0 else { continue }
      try order(group, steps: steps, furtherSteps: furtherSteps, policy)
    }
    try meanwhile()
    for group in groups where group.isUnderWay { try receive(group, for: agent) }
  }

  private func order(
    _ group: EnvironmentGroup, steps: Int, furtherSteps: Int = 0, mayFallShort: Bool = false, _ policy: [PartNumbers]
  ) throws {
    guard let agent = agent as? any DistributedAgent else { return }
    group.policyVersion = agent.updates
    try group.rollouts?.beginRollout(
      RolloutOrder(
        steps: steps, furtherSteps: furtherSteps, mayFallShort: mayFallShort, policyVersion: agent.updates,
        policy: policy, streamParts: agent.streamParts(group.streams).map(\.numbers)))
    group.isUnderWay = true
  }

  private func receive(_ group: EnvironmentGroup, for agent: any DistributedAgent) throws {
    group.isUnderWay = false
    guard let worker = group.rollouts else { return }
    try agent.streamParts(group.streams).restore(try worker.finishRollout())
  }

  /// Asks a worker that does not wait for the others for a number of steps.
  func ask(_ group: EnvironmentGroup, steps: Int) throws {
    guard let agent = agent as? any DistributedAgent else { return }
    try order(group, steps: steps, mayFallShort: true, agent.policyParts.map(\.numbers))
  }

  /// Waits for what a worker was asked for, plays it back, and returns how many steps of each sub-environment it has made.
  func playBack(_ group: EnvironmentGroup) throws -> Int {
    guard let worker = group.rollouts, let agent = agent as? any DistributedAgent else { return 0 }
    try receive(group, for: agent)
    let count = worker.waitingSteps
    for _ in 0..<count {
      try act(group)
      try finish(group)
    }
    return count
  }

  /// Takes over the actions of the next step that is played back.
  func playBack(
    _ group: EnvironmentGroup, _ worker: any RolloutEnvironment, _ masks: UnsafePointer<UInt8>?
  ) throws -> UnsafePointer<Float> {
    let (actions, drawn) = try worker.nextStep()
    guard let agent = agent as? any DistributedAgent else { return actions }
    try agent.record(
      group.streams, on: observations.pointer + group.first * width, masks: masks, actions: actions, drawn: drawn,
      version: group.policyVersion)
    return actions
  }
}
