/// What makes an on-policy algorithm: how it learns from a batch that the policy has collected as it is.
///
/// An ``OnPolicyAgent`` does the rest: it acts, records, normalises, and undoes an update that went wrong.
public protocol OnPolicyAlgorithm: AnyObject, SendableMetatype {
  /// Whether there is a value function.
  static var learnsValue: Bool { get }
  /// Whether an optimiser steps the policy, at a learning rate; it does by default.
  static var stepsByGradient: Bool { get }
  /// The discount γ, which also scales rewards.
  var discount: Double { get }
  /// What has to be kept beside the learner's parts; nothing by default.
  var parts: [Part] { get }

  /// Takes the algorithm's own settings out, and keeps the learner for its updates.
  init(_ settings: SettingValues, _ learner: Learner)

  /// Improves the policy, and the value function if there is one.
  ///
  /// - Parameter batch: observations, actions, rewards, ends and times; the other arrays are computed here.
  /// - Throws: ``TrainingError/diverged(quantity:update:)``.
  func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError)
}

extension OnPolicyAlgorithm {
  /// An optimiser steps the policy.
  public static var stepsByGradient: Bool { true }
  /// Nothing.
  public var parts: [Part] { [] }
}

extension Algorithm {
  /// An entry for an on-policy algorithm.
  ///
  /// - Parameters:
  ///   - own: the settings that are its own.
  ///   - defaults: shared settings with defaults of its own.
  ///   - metrics: the names of further metrics.
  static func onPolicy<Method: OnPolicyAlgorithm>(
    _ name: String, _: Method.Type, summary: String, paper: String, own: [any AnySetting] = [],
    defaults: [any AnySetting] = [], metrics: [String] = []
  ) -> Algorithm {
    let value = Method.learnsValue ? ["value_loss", "explained_variance"] : []
    let rate = Method.stepsByGradient ? ["learning_rate"] : []
    return Algorithm(
      name, .onPolicy, summary: summary, paper: paper,
      settings: OnPolicySettings.groups(
        own: own, learnsValue: Method.learnsValue, stepsByGradient: Method.stepsByGradient, defaults: defaults),
      metrics: ["policy_loss"] + value + ["kl", "entropy", "max_sigma", "grad_norm"] + rate + metrics,
      check: { settings throws(TrainingError) in try OnPolicySettings.check(settings) },
      make: { settings, task throws(TrainingError) in
        try OnPolicyAgent(settings, for: task, Method.self)
      })
  }
}
