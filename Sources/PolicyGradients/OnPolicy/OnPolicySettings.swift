/// The settings of how much experience an update of an on-policy algorithm sees, and of its scales.
public enum OnPolicySettings {
  /// How many environment steps each update learns from; 0 for a whole epoch.
  public static let stepsPerUpdate = Setting(
    "steps-per-update", default: 0, in: 0...1_000_000_000,
    "Environment steps that each update learns from; 0 for the whole epoch.")
  /// The least number of steps that each sub-environment makes for one update, however many there are.
  public static let minimumHorizon = Setting(
    "min-horizon", default: 60, in: 1...16_777_216,
    "The least number of steps that each sub-environment makes for an update.")
  /// Whether each update waits until the running episodes have ended, and then begins with resets.
  public static let finishesEpisodes = Setting(
    "finish-episodes", default: false,
    "Whether an update waits for the running episodes to end, instead of cutting them; new ones begin after it.")
  /// The discount γ.
  public static let discount = Setting("gamma", default: 0.99, in: 0...1, "The discount γ of future rewards.")
  /// What the value function is fitted to.
  public static let valueTarget = Setting(
    "value-target", default: ValueTarget.lambdaReturn, "What the value function is fitted to.")
  /// Whether the weights of a batch are brought to mean 0 and standard deviation 1.
  public static let normalizesAdvantages = Setting(
    "normalize-advantages", default: true, "Bring the weights of a batch to mean 0 and deviation 1.")
  /// Whether observations are brought to mean 0 and standard deviation 1 by what has been seen so far.
  public static let normalizesObservations = Setting(
    "normalize-obs", default: false, "Bring observations to mean 0 and deviation 1 as they come.")
  /// Whether rewards are divided by the standard deviation of the discounted return seen so far.
  public static let scalesRewards = Setting(
    "scale-rewards", default: false, "Divide rewards by the deviation of the discounted return so far.")

  /// How much the policy learns from actions that others have chosen.
  public static let imitation = Setting(
    "imitate", default: 0.0, in: 0...1e3,
    "Let the policy learn from log_action too, by steps of its learning rate times this, which falls to 0 over the run."
  )

  /// The groups of an on-policy algorithm: its own settings, and those that all share.
  ///
  /// - Parameters:
  ///   - learnsValue: whether there is a value function.
  ///   - stepsByGradient: whether an optimiser steps the policy.
  ///   - defaults: shared settings whose defaults are the algorithm's own.
  static func groups(
    own: [any AnySetting], learnsValue: Bool, stepsByGradient: Bool, defaults: [any AnySetting]
  ) -> [SettingGroup] {
    func group(_ heading: String, _ settings: [any AnySetting]) -> SettingGroup {
      SettingGroup(
        heading,
        settings.map { setting in
          defaults.first { $0.declaration.name == setting.declaration.name } ?? setting
        })
    }
    let policy: [any AnySetting] = [OptimizationSettings.policyLearningRate]
    let value: [any AnySetting] = [OptimizationSettings.valueLearningRate, OptimizationSettings.valueIterations]
    return [
      group("Algorithm", own + [normalizesAdvantages, OptimizationSettings.entropyCoefficient, imitation]),
      group(
        "Experience",
        [
          RunSettings.epochs, RunSettings.stepsPerEpoch, stepsPerUpdate, minimumHorizon, finishesEpisodes,
          RunSettings.resetsEachEpoch,
        ]),
      group(
        "Networks",
        [
          NetworkSettings.hiddenSizes, NetworkSettings.activation, NetworkSettings.initialization,
          NetworkSettings.sigmaForm, NetworkSettings.initialLogSigma,
        ]),
      group(
        "Optimisation",
        [OptimizationSettings.optimizer] + (stepsByGradient ? policy : []) + (learnsValue ? value : []) + [
          OptimizationSettings.learningRateDecay, OptimizationSettings.maximumGradientNorm,
        ]),
      group("Scales", [normalizesObservations, scalesRewards]),
      group("Randomness", [RunSettings.seed]),
    ]
  }

  /// Refuses settings that contradict each other.
  static func check(_ settings: SettingValues) throws(TrainingError) {
    let steps = settings[stepsPerUpdate]
    guard steps == 0 || !settings[finishesEpisodes] else {
      throw .unusableSetting(
        name: stepsPerUpdate.name, value: "\(steps)",
        requirement: "0 where \(finishesEpisodes.name) is on, because each update then begins with resets")
    }
  }

  /// When updates come.
  static func schedule(_ settings: SettingValues) -> UpdateSchedule {
    let steps = settings[RunSettings.stepsPerEpoch]
    return UpdateSchedule(
      stepsPerEpoch: steps, stepsPerUpdate: settings[stepsPerUpdate] > 0 ? settings[stepsPerUpdate] : steps,
      minimumHorizon: settings[minimumHorizon], finishesEpisodes: settings[finishesEpisodes])
  }
}
