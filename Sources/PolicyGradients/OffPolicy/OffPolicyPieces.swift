import NeuralNetworks

extension SettingValues {
  /// A network of the shape that the settings say, with its first numbers.
  func policyNetwork(
    inputs: Int, outputs: Int, using generator: inout some RandomNumberGenerator
  ) throws(NetworkError) -> MLP {
    let network = try MLP(
      sizes: [inputs] + self[NetworkSettings.hiddenSizes] + [outputs],
      activation: self[NetworkSettings.activation].function)
    switch self[NetworkSettings.initialization] {
    case .orthogonal: network.initializeOrthogonally(outputGain: 0.01, using: &generator)
    case .torch: network.initializeLikeTorch(using: &generator)
    }
    return network
  }

  /// Critics of the shape that the settings say, with their first numbers and their optimiser.
  func critics(
    count: Int, inputWidth: Int, outputs: Int = 1, halves: Halves, using generator: inout some RandomNumberGenerator
  ) throws(NetworkError) -> CriticLearner {
    let critics = try Critics(
      count: count, inputWidth: inputWidth, outputs: outputs, hiddenSizes: self[NetworkSettings.hiddenSizes],
      activation: self[NetworkSettings.activation].function)
    critics.initialize(self[NetworkSettings.initialization], using: &generator)
    let optimizer = self[OptimizationSettings.optimizer].make(
      count: critics.parameters.count, learningRate: self[OffPolicySettings.criticLearningRate])
    return CriticLearner(critics, optimizer: optimizer, halves: halves)
  }

  /// The optimiser of a policy.
  func policyOptimizer(count: Int) -> any Optimizer {
    self[OptimizationSettings.optimizer].make(
      count: count, learningRate: self[OffPolicySettings.policyLearningRate])
  }
}

extension CriticLearner {
  /// The functions, their slow copies and their optimiser.
  var parts: [Part] {
    [
      .parameters("critics", critics.parameters), .parameters("target critics", critics.targetParameters),
      .optimizer("critic optimizer", optimizer),
    ]
  }
}

extension Temperature {
  convenience init(_ settings: SettingValues) {
    self.init(
      initial: settings[SAC.initialTemperature], isLearned: settings[SAC.learnsTemperature],
      learningRate: settings[OffPolicySettings.temperatureLearningRate])
  }

  /// ln α and its optimiser.
  var parts: [Part] {
    [.parameters("temperature", logarithms), .optimizer("temperature optimizer", optimizer)]
  }
}

/// The mean of some numbers, summed in double precision.
func mean(_ values: UnsafePointer<Float>, _ count: Int) -> Double {
  var sum = 0.0
  for index in 0..<count { sum += Double(values[index]) }
  return sum / Double(max(count, 1))
}
