import Environments

extension SessionTrainer {
  /// The state after the last update; steps that no update has used are not part of it.
  public func checkpoint() -> Checkpoint {
    Checkpoint(
      agent, settings, task, epoch: epoch, updatesInEpoch: 0, environmentSteps: environmentSteps, runningEpisodes: 0,
      tally: tally)
  }

  /// What a policy file holds of the policy as it is now.
  public func snapshot() -> PolicySnapshot { agent.snapshot(environmentSteps: environmentSteps) }

  /// Goes on from a checkpoint, with the same spaces and no session open.
  public convenience init(
    resuming checkpoint: Checkpoint, shaping: Shaping? = nil, wrappers: Wrappers = Wrappers(),
    usesMasks: Bool = false,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) {
    guard checkpoint.environments == 0 else {
      throw .unusableFile(
        what: "checkpoint", reason: "it is of a run in \(checkpoint.environments) environments, and not of sessions")
    }
    try self.init(
      checkpoint.settings, observationSpace: wrappers.single(checkpoint.spaces.observations),
      actionSpace: checkpoint.spaces.actions, shaping: shaping, wrappers: wrappers, usesMasks: usesMasks,
      isInterrupted: isInterrupted)
    try checkpoint.restore(agent, task)
    (epoch, environmentSteps, tally) = (checkpoint.epoch, checkpoint.environmentSteps, checkpoint.tally)
  }

  /// Begins a run with a policy that has been trained before, its wrappers, and whatever else its file holds.
  ///
  /// - Parameter settings: settings that ``SettingValues/fitted(to:)`` has made fit.
  public convenience init(
    _ settings: SettingValues, startingFrom snapshot: PolicySnapshot, shaping: Shaping? = nil, usesMasks: Bool = false,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) {
    try self.init(
      settings, observationSpace: snapshot.wrappers.single(snapshot.observationSpace),
      actionSpace: snapshot.actionSpace, shaping: shaping,
      wrappers: snapshot.wrappers, usesMasks: usesMasks, isInterrupted: isInterrupted)
    try agent.load(snapshot)
  }
}
