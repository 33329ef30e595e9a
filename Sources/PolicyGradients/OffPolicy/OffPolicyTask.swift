import NeuralNetworks

/// What an off-policy algorithm is made for.
struct OffPolicyTask {
  /// The numbers of an observation.
  let observationWidth: Int
  /// How actions are written.
  let units: ActionUnits
  /// What an action mask has; 0 where none will come.
  let maskWidth: Int
  /// A thread that takes a half of each batch, if there is one.
  let helper: HelperThread?

  var actionWidth: Int { units.width }
}
