import PolicyGradients

/// The settings of an algorithm by name, changed.
func configuration(_ name: String, _ change: (inout SettingValues) -> Void) -> SettingValues {
  var settings = (AlgorithmCatalog.algorithm(named: name) ?? AlgorithmCatalog.standard).defaults
  change(&settings)
  return settings
}

/// Settings by words, for tests that change them for every algorithm: what an algorithm does not have, is left alone.
extension SettingValues {
  private func value<Value>(_ setting: Setting<Value>, or standard: Value) -> Value {
    declares(setting) ? self[setting] : standard
  }

  /// Sets what the algorithm has, and leaves alone what it does not have.
  mutating func replace<Value>(_ setting: Setting<Value>, _ value: Value) {
    if declares(setting) { self[setting] = value }
  }

  var stepsPerEpoch: Int {
    get { value(RunSettings.stepsPerEpoch, or: 1) }
    set { replace(RunSettings.stepsPerEpoch, newValue) }
  }

  var stepsPerUpdate: Int {
    get { value(OnPolicySettings.stepsPerUpdate, or: 0) }
    set { replace(OnPolicySettings.stepsPerUpdate, newValue) }
  }

  var minimumHorizon: Int {
    get { value(OnPolicySettings.minimumHorizon, or: 1) }
    set { replace(OnPolicySettings.minimumHorizon, newValue) }
  }

  var finishesEpisodes: Bool {
    get { value(OnPolicySettings.finishesEpisodes, or: false) }
    set { replace(OnPolicySettings.finishesEpisodes, newValue) }
  }

  var discount: Double {
    get { value(OnPolicySettings.discount, or: 1) }
    set { replace(OnPolicySettings.discount, newValue) }
  }

  var normalizesAdvantages: Bool {
    get { value(OnPolicySettings.normalizesAdvantages, or: false) }
    set { replace(OnPolicySettings.normalizesAdvantages, newValue) }
  }

  var valueTarget: ValueTarget {
    get { value(OnPolicySettings.valueTarget, or: .rewardToGo) }
    set { replace(OnPolicySettings.valueTarget, newValue) }
  }

  var entropyCoefficient: Double {
    get { value(OptimizationSettings.entropyCoefficient, or: 0) }
    set { replace(OptimizationSettings.entropyCoefficient, newValue) }
  }

  var hiddenSizes: [Int] {
    get { value(NetworkSettings.hiddenSizes, or: []) }
    set { replace(NetworkSettings.hiddenSizes, newValue) }
  }

  var activation: ActivationName {
    get { value(NetworkSettings.activation, or: .tanh) }
    set { replace(NetworkSettings.activation, newValue) }
  }

  var initialization: Initialization {
    get { value(NetworkSettings.initialization, or: .torch) }
    set { replace(NetworkSettings.initialization, newValue) }
  }

  var sigmaForm: SigmaForm {
    get { value(NetworkSettings.sigmaForm, or: .free) }
    set { replace(NetworkSettings.sigmaForm, newValue) }
  }

  var initialLogSigma: Double {
    get { value(NetworkSettings.initialLogSigma, or: 0) }
    set { replace(NetworkSettings.initialLogSigma, newValue) }
  }

  var optimizer: OptimizerName {
    get { value(OptimizationSettings.optimizer, or: .sgd) }
    set { replace(OptimizationSettings.optimizer, newValue) }
  }

  var policyLearningRate: Double {
    get { value(OptimizationSettings.policyLearningRate, or: 0) }
    set { replace(OptimizationSettings.policyLearningRate, newValue) }
  }

  var valueLearningRate: Double {
    get { value(OptimizationSettings.valueLearningRate, or: 0) }
    set { replace(OptimizationSettings.valueLearningRate, newValue) }
  }

  var learningRateDecay: LearningRateDecay {
    get { value(OptimizationSettings.learningRateDecay, or: .none) }
    set { replace(OptimizationSettings.learningRateDecay, newValue) }
  }

  var policyIterations: Int {
    get { value(PPO.passes, or: 1) }
    set { replace(PPO.passes, newValue) }
  }

  var valueIterations: Int {
    get { value(OptimizationSettings.valueIterations, or: 1) }
    set { replace(OptimizationSettings.valueIterations, newValue) }
  }

  var minibatchSize: Int {
    get { value(PPO.minibatchSize, or: 0) }
    set { replace(PPO.minibatchSize, newValue) }
  }

  var clipRatio: Double {
    get { value(PPO.clipRatio, or: 0) }
    set { replace(PPO.clipRatio, newValue) }
  }

  var targetDivergence: Double {
    get { value(PPO.targetDivergence, or: 0) }
    set { replace(PPO.targetDivergence, newValue) }
  }

  var normalizesObservations: Bool {
    get { value(OnPolicySettings.normalizesObservations, or: false) }
    set { replace(OnPolicySettings.normalizesObservations, newValue) }
  }

  var scalesRewards: Bool {
    get { value(OnPolicySettings.scalesRewards, or: false) }
    set { replace(OnPolicySettings.scalesRewards, newValue) }
  }
}

extension AlgorithmCatalog {
  /// The names of the algorithms that learn from one kind of experience.
  static func names(_ kind: Algorithm.Kind) -> [String] { all.filter { $0.kind == kind }.map(\.name) }
}
