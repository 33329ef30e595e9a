import Environments
import NeuralNetworks

extension OnPolicyAgent {
  /// The learner's parts, the algorithm's own, the action noise, and the statistics that bring to scale.
  public var parts: [Part] {
    var parts = learner.parts + algorithm.parts
    parts.append(
      .generators("action noise") { [self] in
        noise
      } set: { [self] generators throws(TrainingError) in
        guard task.streams == 0 || generators.count == task.streams else {
          throw .unusablePart("action noise", "it is of \(generators.count) streams instead of \(task.streams)")
        }
        noise = generators
      })
    if let imitation { parts.append(.optimizer("imitation optimizer", imitation.optimizer)) }
    if let statistics = observationStatistics { parts.append(statistics) }
    return parts + [rewardStatistics].compactMap { $0 }
  }

  /// The statistics that rewards are scaled by; nil where none are.
  var rewardStatistics: Part? {
    guard rewardScaler != nil else { return nil }
    return .state("reward statistics") { [self] in
      rewardScaler?.state ?? PartState()
    } set: { [self] state throws(TrainingError) in
      try rewardScaler?.restore(state)
    }
  }

  /// The statistics that bring observations to scale; nil where none do.
  var observationStatistics: Part? {
    guard normalizer != nil else { return nil }
    return .state("observation statistics") { [self] in
      normalizer?.state ?? PartState()
    } set: { [self] state throws(TrainingError) in
      normalizer = try ObservationNormalizer(state, width: task.observationWidth)
      livePolicy.normalizer = normalizer
    }
  }

  /// Takes over the networks and the statistics of a policy file, whose architecture the settings have been made to fit.
  public func load(_ snapshot: PolicySnapshot) throws(TrainingError) {
    let trained = try PolicyNetwork(
      snapshot, observationWidth: task.observationWidth, distribution: task.distribution)
    let trainedValue = try ValueNetwork(snapshot, observationWidth: task.observationWidth)
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
        statistics, width: task.observationWidth, count: Double(max(1, snapshot.environmentSteps)))
      livePolicy.normalizer = normalizer
    }
  }
}

extension SettingValues {
  /// The same settings, but with the architecture and the scales of a policy; what an algorithm does not have, is left.
  public func fitted(to snapshot: PolicySnapshot) -> SettingValues {
    var copy = self
    func set<Value>(_ setting: Setting<Value>, _ value: Value) {
      if copy.declares(setting) { copy[setting] = value }
    }
    set(NetworkSettings.hiddenSizes, snapshot.policy.dropLast().map(\.biases.count))
    set(NetworkSettings.activation, snapshot.activation)
    if let form = snapshot.sigma?.form { set(NetworkSettings.sigmaForm, form) }
    set(OnPolicySettings.normalizesObservations, snapshot.normalization != nil)
    return copy
  }
}
