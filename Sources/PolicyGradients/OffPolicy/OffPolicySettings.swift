/// The settings that off-policy algorithms share.
public enum OffPolicySettings {
  /// The most transitions that are remembered.
  public static let replaySize = Setting(
    "replay-size", default: 1_000_000, in: 1_000...1_000_000_000,
    "Rows of experience that are kept; the oldest are forgotten.")
  /// How many transitions a gradient step sees.
  public static let batchSize = Setting(
    "batch-size", default: 256, in: 1...1_048_576, "Transitions that a gradient step sees.")
  /// How many steps are made at random before anything is learned.
  public static let learningStarts = Setting(
    "learning-starts", default: 1_000, in: 0...1_000_000_000,
    "Environment steps with random actions before anything is learned.")
  /// How many environment steps come between two updates.
  public static let stepsPerUpdate = Setting(
    "train-freq", default: 1, in: 1...1_000_000, "Environment steps between two updates, all sub-environments together."
  )
  /// How many gradient steps an update makes.
  public static let gradientSteps = Setting(
    "gradient-steps", default: 0, in: 0...1_000_000, "Gradient steps of an update; 0 for as many as environment steps.")
  /// Whether updates are made while environments compute.
  public static let overlapsSteps = Setting(
    "overlap", default: false,
    "Update while the environments compute the next step, whose actions the policy before that update has chosen. A seed "
      + "gives the same bytes every time, but not those that it gives without.")
  /// How long the stretches are that are learned from as a whole.
  public static let trajectoryLength = Setting(
    "trajectory-length", default: 20, in: 1...10_000,
    "Steps of each sub-environment between two updates, and the most of a replayed stretch.",
    source: "Wang et al. 2017")
  /// The discount γ.
  public static let discount = Setting("gamma", default: 0.99, in: 0...1, "The discount γ of future rewards.")
  /// How far slow copies move with each update.
  public static let targetRate = Setting(
    "tau", default: 0.005, aboveZeroTo: 1, "How far target networks move towards the learned ones at each update, τ.")
  /// The n of n-step returns.
  public static let steps = Setting(
    "n-step", default: 1, in: 1...1_000, "Steps of reward that a target sums before it looks at a critic.")
  /// Whether transitions are drawn by how wrong the critics were about them.
  public static let isPrioritized = Setting(
    "prioritized", default: false, "Draw transitions by how wrong the critics were about them, instead of evenly.",
    source: "Schaul et al. 2016")
  /// The exponent α of priorities.
  public static let priorityExponent = Setting(
    "priority-alpha", default: 0.6, in: 0...1, "How much priorities count: 0 not at all, 1 in proportion to the error.",
    source: "Schaul et al. 2016")
  /// The exponent β of the weights that make up for priorities, at the beginning.
  public static let priorityCorrection = Setting(
    "priority-beta", default: 0.4, in: 0...1,
    "How much of the bias of priorities is made up for at the beginning; all of it at the end.",
    source: "Schaul et al. 2016")
  /// The learning rate of the policy.
  public static let policyLearningRate = OptimizationSettings.policyLearningRate.defaulting(to: 1e-3)
  /// The learning rate of the critics.
  public static let criticLearningRate = Setting(
    "q-lr", default: 1e-3, aboveZeroTo: 1e3, "The learning rate of the critics.")
  /// The learning rate of the temperature, where it is learned.
  public static let temperatureLearningRate = Setting(
    "alpha-lr", default: 1e-3, aboveZeroTo: 1e3, "The learning rate of the temperature α.")
  /// Whether a checkpoint has the replay beside it.
  public static let savesReplay = Setting(
    "save-replay", default: true,
    "Write the replay beside each checkpoint; without it a resumed run acts by its policy and collects before it learns "
      + "again, and goes on differently.")

  /// The groups of an off-policy algorithm: its own settings, and those that all share.
  static func groups(
    own: [any AnySetting], defaults: [any AnySetting], without: [any AnySetting]
  ) -> [SettingGroup] {
    func group(_ heading: String, _ settings: [any AnySetting]) -> SettingGroup {
      SettingGroup(
        heading,
        settings.filter { setting in
          !without.contains { $0.declaration.name == setting.declaration.name }
        }.map { setting in
          defaults.first { $0.declaration.name == setting.declaration.name } ?? setting
        })
    }
    return [
      group("Algorithm", own + [discount, targetRate, steps]),
      group(
        "Experience",
        [
          RunSettings.epochs.defaulting(to: 20), RunSettings.stepsPerEpoch.defaulting(to: 1_000), learningStarts,
          stepsPerUpdate, gradientSteps, batchSize, overlapsSteps, RunSettings.resetsEachEpoch,
        ]),
      group(
        "Replay", [replaySize, savesReplay, isPrioritized, priorityExponent, priorityCorrection]),
      group(
        "Networks",
        [
          NetworkSettings.hiddenSizes.defaulting(to: [64, 64]), NetworkSettings.activation.defaulting(to: .relu),
          NetworkSettings.initialization.defaulting(to: .torch),
        ]),
      group(
        "Optimisation",
        [
          OptimizationSettings.optimizer, policyLearningRate, criticLearningRate,
          OptimizationSettings.learningRateDecay.defaulting(to: .none),
        ]),
      group("Scales", [OnPolicySettings.normalizesObservations]),
      group("Randomness", [RunSettings.seed]),
    ]
  }
}
