import Environments

extension SessionTrainer {
  /// The state after the last update; steps that no update has used are not part of it.
  public func checkpoint() -> Checkpoint {
    Checkpoint(
      learner, epoch: epoch, environmentSteps: environmentSteps, observationSpace: observationSpace,
      actionSpace: actionSpace, generators: generators, normalizer: normalizer, rewardScaler: rewardScaler,
      epochUnderWay: tally)
  }

  /// The policy as it is now.
  public func snapshot() -> PolicySnapshot {
    PolicySnapshot(
      learner, configuration, environmentSteps: environmentSteps, observationSpace: observationSpace,
      actionSpace: actionSpace, normalizer: normalizer)
  }

  /// Goes on from a checkpoint, with the same spaces and no session open.
  public convenience init(
    resuming checkpoint: Checkpoint, usesMasks: Bool = false, usesHelperThread: Bool = false,
    report: @escaping (EpochMetrics) throws -> Void = { _ in }
  ) throws(TrainingError) {
    try self.init(
      checkpoint.configuration, observationSpace: checkpoint.observationSpace.space,
      actionSpace: checkpoint.actionSpace.space, usesMasks: usesMasks, usesHelperThread: usesHelperThread,
      report: report)
    generators = try checkpoint.checkedGenerators(observationWidth: encoder.width)
    try learner.restore(checkpoint)
    (normalizer, rewardScaler) = (checkpoint.normalizer, checkpoint.rewardScaler)
    (epoch, environmentSteps) = (checkpoint.epoch, checkpoint.environmentSteps)
    tally = checkpoint.epochUnderWay ?? EpochTally()
  }
}
