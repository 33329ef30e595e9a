import NeuralNetworks

extension PolicySnapshot {
  init(
    _ learner: Learner,
    _ settings: SettingValues,
    _ task: AgentTask,
    environmentSteps: Int,
    normalizer: ObservationNormalizer?
  ) {
    algorithm = settings.algorithm.name
    self.environmentSteps = environmentSteps
    (observationSpace, actionSpace, wrappers) = (task.observationSpace, task.actionSpace, task.wrappers)
    normalization = normalizer.map { normalizer in
      Normalization(mean: normalizer.mean, variance: normalizer.squares.map { $0 / max(normalizer.count, 1) })
    }
    activation = settings[NetworkSettings.activation]
    let network = learner.policy
    policy = Self.layers(of: network.main)
    sigma =
      network.distribution.logSigmaColumns.isEmpty
      ? nil
      : Sigma(
        form: network.sigmaForm,
        values: network.sigmaForm == .free ? network.freeLogSigmas : nil,
        layers: network.sigmaNetwork.map(Self.layers)
      )
    value = learner.value.map { Self.layers(of: $0.network) }
  }

  /// What a file holds of an off-policy algorithm's policy.
  init(
    _ network: MLP, _ head: PolicyHead, _ settings: SettingValues, _ task: AgentTask, environmentSteps: Int,
    normalizer: ObservationNormalizer?
  ) {
    algorithm = settings.algorithm.name
    kind = head.kind
    self.environmentSteps = environmentSteps
    (observationSpace, actionSpace, wrappers) = (task.observationSpace, task.actionSpace, task.wrappers)
    normalization = normalizer.map { normalizer in
      Normalization(mean: normalizer.mean, variance: normalizer.squares.map { $0 / max(normalizer.count, 1) })
    }
    activation = settings[NetworkSettings.activation]
    policy = Self.layers(of: network)
  }

  private static func layers(of network: MLP) -> [Layer] {
    let numbers = network.array
    return network.layers.map { layer in
      Layer(
        weights: Array(numbers[layer.offset..<layer.offset + layer.inputSize * layer.outputSize]),
        biases: Array(numbers[layer.biasOffset..<layer.biasOffset + layer.outputSize])
      )
    }
  }
}
