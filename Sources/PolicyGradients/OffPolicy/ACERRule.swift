import NeuralNetworks

/// What ACER's forms for Discrete and Box have in common: the numbers of its rules.
struct ACERRule {
  let retrace: Retrace
  let importance: TruncatedImportance
  let divergenceLimit: DivergenceLimit
  let entropyCoefficient: Float
  let replayRatio: Double
  /// The most transitions of a stretch.
  let length: Int
  private let averageRate: Double
  private let maximumNorm: Double

  init(_ settings: SettingValues) {
    retrace = Retrace(discount: settings[OffPolicySettings.discount])
    importance = TruncatedImportance(limit: settings[ACER.importanceLimit])
    divergenceLimit = DivergenceLimit(limit: settings[ACER.divergenceLimit])
    entropyCoefficient = Float(settings[OptimizationSettings.entropyCoefficient])
    replayRatio = settings[ACER.replayRatio]
    length = settings[OffPolicySettings.trajectoryLength]
    averageRate = 1 - settings[ACER.averageDecay]
    maximumNorm = settings[OptimizationSettings.maximumGradientNorm]
  }

  /// A policy, its average and its steps.
  func averagedPolicy(_ network: MLP, _ settings: SettingValues) throws(NetworkError) -> AveragedPolicy {
    try AveragedPolicy(
      network,
      descent: GradientDescent(
        network.parameters, optimizer: settings.policyOptimizer(count: network.parameterCount),
        maximumNorm: maximumNorm), rate: averageRate)
  }

  /// The steps of a critic.
  func criticDescent(_ parameters: Parameters, _ settings: SettingValues) -> GradientDescent {
    let optimizer = settings[OptimizationSettings.optimizer].make(
      count: parameters.count, learningRate: settings[OffPolicySettings.criticLearningRate])
    return GradientDescent(parameters, optimizer: optimizer, maximumNorm: maximumNorm)
  }
}
