import Environments
import NeuralNetworks

/// What makes an off-policy algorithm: a policy, and how it learns from experience.
///
/// An ``OffPolicyAgent`` does the rest: it acts, remembers, decides when an update is due, and undoes one that went wrong.
protocol OffPolicyAlgorithm: AnyObject, SendableMetatype {
  /// The policy's network; its outputs are those of `head`.
  var network: MLP { get }
  /// What the network's outputs mean.
  var head: PolicyHead { get }
  /// Everything of the algorithm that has to be kept.
  var parts: [Part] { get }

  /// How many parameters the replay keeps of what each action was drawn from; 0 for none, the default.
  ///
  /// Where it keeps them, they are the outputs of the policy's network with the mask applied. NaNs stand for the action of
  /// somebody else, of whom they are not known.
  static func distributionWidth(_ units: ActionUnits) -> Int

  /// Creates the networks, and draws their first numbers from `generator`.
  init(_ settings: SettingValues, _ task: OffPolicyTask, generator: inout PCG64) throws

  /// Moves a stream's action so that something new is tried; nothing by default.
  func explore(_ action: UnsafeMutablePointer<Float>, stream: Int, using generator: inout PCG64)
  /// A stream begins an episode.
  func beginEpisode(stream: Int)
  /// Multiplies every learning rate.
  func setRates(factor: Double)
  /// One gradient step; where there is no setting for their number, all that an update has, or fewer where it is interrupted.
  ///
  /// - Throws: ``TrainingError/diverged(quantity:update:)`` as soon as a loss is not finite.
  func update(_ experience: Experience, _ metrics: inout Metrics) throws(TrainingError)
}

extension OffPolicyAlgorithm {
  static func distributionWidth(_ units: ActionUnits) -> Int { 0 }
  func explore(_ action: UnsafeMutablePointer<Float>, stream: Int, using generator: inout PCG64) {}
  func beginEpisode(stream: Int) {}
}

extension Algorithm {
  /// An entry for an off-policy algorithm.
  ///
  /// - Parameters:
  ///   - own: the settings that are its own.
  ///   - defaults: shared settings with defaults of its own.
  ///   - without: shared settings that mean nothing to it.
  ///   - method: which implementation there is for a kind of actions.
  static func offPolicy(
    _ name: String, summary: String, paper: String, actions: ActionKinds, own: [any AnySetting] = [],
    defaults: [any AnySetting] = [], without: [any AnySetting] = [], metrics: [String],
    method: @escaping @Sendable (ActionUnits) -> any OffPolicyAlgorithm.Type
  ) -> Algorithm {
    Algorithm(
      name, .offPolicy, summary: summary, paper: paper, actions: actions,
      settings: OffPolicySettings.groups(own: own, defaults: defaults, without: without), metrics: metrics,
      make: { settings, task throws(TrainingError) in
        try OffPolicyAgent(settings, for: task, method)
      })
  }
}

extension TrainingError {
  /// Refuses a loss that is not finite.
  static func requireFinite(_ loss: Double, _ quantity: String) throws(TrainingError) {
    guard loss.isFinite else { throw .diverged(quantity: quantity, update: 0) }
  }
}
