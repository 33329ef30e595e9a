import Environments

/// A trained policy as a value: what a policy file holds, and all that is needed to act.
///
/// The file is this structure in JSON, documented in protocol/, so that any language can load it.
public struct PolicySnapshot {
  /// One dense layer, y = W x + b.
  public struct Layer: Equatable, Sendable {
    /// The weights, row-major, one row for each unit.
    public var weights: [Float]
    /// One bias for each unit.
    public var biases: [Float]
  }

  /// Where ln σ of the real-valued actions comes from.
  public struct Sigma: Equatable, Sendable {
    /// free, network or head.
    public var form: SigmaForm
    /// The free numbers ln σ.
    public var values: [Float]?
    /// The layers of a network of σ.
    public var layers: [Layer]?
  }

  /// How raw observations are brought to scale: clip((x - mean) / √(variance + 1e-8), ±10).
  public struct Normalization: Equatable, Sendable {
    /// The mean of each number of the encoded observation.
    public var mean: [Double]
    /// The variance of each.
    public var variance: [Double]
  }

  /// What the policy computes; nil for the parameters of a distribution of actions (`PolicyKind`).
  public var kind: String?
  /// The algorithm that trained the policy.
  public var algorithm: String
  /// How many environment steps it was trained for.
  public var environmentSteps: Int
  /// The space of the observations, in the protocol's form.
  public var observationSpace: Space
  /// The space of the actions, in the protocol's form.
  public var actionSpace: Space
  /// What stands between an environment and the policy.
  public var wrappers = Wrappers()
  /// How observations are normalised; absent if they are not.
  public var normalization: Normalization?
  /// The function of the hidden units.
  public var activation: ActivationName
  /// The layers of the policy's main network.
  public var policy: [Layer]
  /// Where ln σ comes from; absent where no action is a real number.
  public var sigma: Sigma?
  /// The layers of the value function; absent if none was learned.
  public var value: [Layer]?
}
