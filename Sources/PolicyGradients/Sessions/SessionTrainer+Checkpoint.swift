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
    policy.normalizer = normalizer
    (epoch, environmentSteps) = (checkpoint.epoch, checkpoint.environmentSteps)
    tally = checkpoint.epochUnderWay ?? EpochTally()
  }

  /// Begins a run with a policy that has been trained before, and whatever else its file holds.
  ///
  /// - Parameter configuration: settings that ``Configuration/fitted(to:)`` has made fit.
  public convenience init(
    _ configuration: Configuration, startingFrom snapshot: PolicySnapshot, usesMasks: Bool = false
  ) throws(TrainingError) {
    try self.init(
      configuration, observationSpace: snapshot.observationSpace, actionSpace: snapshot.actionSpace,
      usesMasks: usesMasks)
    let distribution = learner.policy.distribution
    let trained = try PolicyNetwork(snapshot, observationWidth: encoder.width, distribution: distribution)
    let trainedValue = try ValueNetwork(snapshot, observationWidth: encoder.width)
    do {
      try learner.policy.parameters.load(trained.parameters.array)
      // One of another shape has learned nothing that this one could hold.
      if let value = learner.value, let trainedValue, value.network.sizes == trainedValue.network.sizes {
        try value.network.load(trainedValue.network.array)
      }
    } catch {
      throw .unusableFile(what: "policy file", reason: "\(error)")
    }
    if let statistics = snapshot.normalization {
      normalizer = try ObservationNormalizer(
        statistics, width: encoder.width, count: Double(max(1, snapshot.environmentSteps)))
      policy.normalizer = normalizer
    }
  }
}

extension Configuration {
  /// The same settings, but with the architecture and the scales of a policy.
  public func fitted(to snapshot: PolicySnapshot) -> Configuration {
    var copy = self
    copy.hiddenSizes = snapshot.policy.dropLast().map(\.biases.count)
    copy.activation = snapshot.activation
    copy.sigmaForm = snapshot.sigma?.form ?? sigmaForm
    copy.normalizesObservations = snapshot.normalization != nil
    return copy
  }
}
