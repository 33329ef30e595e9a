import Environments
import NeuralNetworks

/// A trained policy as a value: what a policy file holds, and all that is needed to act.
///
/// The file is this structure in JSON, documented in protocol/, so that any language can load it.
public struct PolicySnapshot: Codable {
  /// One dense layer, y = W x + b.
  public struct Layer: Codable, Equatable, Sendable {
    /// One row of weights for each unit.
    public var weights: [[Float]]
    /// One bias for each unit.
    public var biases: [Float]
  }

  /// Where ln σ of the real-valued actions comes from.
  public struct Sigma: Codable, Equatable, Sendable {
    /// free, network or head.
    public var form: SigmaForm
    /// The free numbers ln σ.
    public var values: [Float]?
    /// The layers of a network of σ.
    public var layers: [Layer]?
  }

  /// How raw observations are brought to scale: clip((x - mean) / √(variance + 1e-8), ±10).
  public struct Normalization: Codable, Equatable, Sendable {
    /// The mean of each number of the encoded observation.
    public var mean: [Double]
    /// The variance of each.
    public var variance: [Double]
  }

  /// What the file says that it is.
  public var format = Self.formatName
  /// The version of the format.
  public var version = 1
  /// What the policy computes; nil for the parameters of a distribution of actions (``PolicyKind``).
  public var kind: String?
  /// The algorithm that trained the policy.
  public var algorithm: String
  /// How many environment steps it was trained for.
  public var environmentSteps: Int
  /// The space of the observations, in the protocol's form.
  public var observationSpace: Space
  /// The space of the actions, in the protocol's form.
  public var actionSpace: Space
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

  /// The name of the format.
  public static let formatName = "gymwire-policy"

  private enum CodingKeys: String, CodingKey {
    case format, version, kind, algorithm, normalization, activation, policy, sigma, value
    case environmentSteps = "environment_steps"
    case observationSpace = "obs_space"
    case actionSpace = "action_space"
  }

  /// Reads a snapshot; throws a sentence where the file is of another kind or version.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    format = try container.decodeIfPresent(String.self, forKey: .format) ?? "unnamed"
    guard format == Self.formatName else {
      throw TrainingError.unusableFile(what: "policy file", reason: "its format is \(format), not \(Self.formatName)")
    }
    version = try container.decode(Int.self, forKey: .version)
    guard (1...2).contains(version) else {
      throw TrainingError.unusableFile(
        what: "policy file",
        reason: "it has version \(version) of the format, and this program reads versions 1 and 2"
      )
    }
    // A version 1 has no kinds, and who reads no other is to refuse what it would take for a distribution.
    kind = version == 1 ? nil : try container.decode(String.self, forKey: .kind)
    algorithm = try container.decode(String.self, forKey: .algorithm)
    environmentSteps = try container.decode(Int.self, forKey: .environmentSteps)
    observationSpace = try container.decode(CodedSpace.self, forKey: .observationSpace).space
    actionSpace = try container.decode(CodedSpace.self, forKey: .actionSpace).space
    normalization = try container.decodeIfPresent(Normalization.self, forKey: .normalization)
    activation = try container.decode(ActivationName.self, forKey: .activation)
    policy = try container.decode([Layer].self, forKey: .policy)
    sigma = try container.decodeIfPresent(Sigma.self, forKey: .sigma)
    value = try container.decodeIfPresent([Layer].self, forKey: .value)
  }

  /// Writes the snapshot.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(format, forKey: .format)
    try container.encode(kind == nil ? 1 : 2, forKey: .version)
    try container.encodeIfPresent(kind, forKey: .kind)
    try container.encode(algorithm, forKey: .algorithm)
    try container.encode(environmentSteps, forKey: .environmentSteps)
    try container.encode(CodedSpace(observationSpace), forKey: .observationSpace)
    try container.encode(CodedSpace(actionSpace), forKey: .actionSpace)
    try container.encodeIfPresent(normalization, forKey: .normalization)
    try container.encode(activation, forKey: .activation)
    try container.encode(policy, forKey: .policy)
    try container.encodeIfPresent(sigma, forKey: .sigma)
    try container.encodeIfPresent(value, forKey: .value)
  }
}

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
    observationSpace = task.observationSpace
    actionSpace = task.actionSpace
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
    (observationSpace, actionSpace) = (task.observationSpace, task.actionSpace)
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
        weights: (0..<layer.outputSize).map { unit in
          let first = layer.offset + unit * layer.inputSize
          return Array(numbers[first..<first + layer.inputSize])
        },
        biases: Array(numbers[layer.biasOffset..<layer.biasOffset + layer.outputSize])
      )
    }
  }
}
