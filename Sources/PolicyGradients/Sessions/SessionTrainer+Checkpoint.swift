import Environments

extension SessionTrainer {
  /// The state after the last update; steps that no update has used are not part of it.
  public func checkpoint() -> Checkpoint {
    Checkpoint(
      learner, epoch: epoch, environmentSteps: environmentSteps, observationSpace: policy.observationSpace,
      actionSpace: policy.actionSpace, generators: generators, normalizer: normalizer, rewardScaler: rewardScaler,
      epochUnderWay: tally)
  }

  /// The policy as it is now.
  public func snapshot() -> PolicySnapshot {
    PolicySnapshot(
      learner, configuration, environmentSteps: environmentSteps, observationSpace: policy.observationSpace,
      actionSpace: policy.actionSpace, normalizer: normalizer)
  }

  /// Goes on from a checkpoint, with the same spaces and no session open.
  public convenience init(
    resuming checkpoint: Checkpoint, usesMasks: Bool = false
  ) throws(TrainingError) {
    try self.init(
      checkpoint.configuration, observationSpace: checkpoint.spaces.observations,
      actionSpace: checkpoint.spaces.actions, usesMasks: usesMasks)
    generators = try checkpoint.checkedGenerators(observationWidth: encoder.width)
    try learner.restore(checkpoint)
    (normalizer, rewardScaler) = (checkpoint.normalizer, checkpoint.rewardScaler)
    (epoch, environmentSteps) = (checkpoint.epoch, checkpoint.environmentSteps)
    tally = checkpoint.epochUnderWay ?? EpochTally()
  }
}
