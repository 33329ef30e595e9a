import Environments

extension PolicySnapshot {
  /// Reads a policy file; throws a sentence where it is of another kind or version, or a member cannot be used.
  init(parsing bytes: UnsafeRawBufferPointer) throws(TrainingError) {
    let file = FileScanner(bytes, what: "policy file")
    try file.requirePolicyFormat()
    let members = try Members(file)
    func require<Value>(_ value: Value?, _ name: String) throws(TrainingError) -> Value {
      guard let value else { throw file.unusable("\(name) is missing") }
      return value
    }
    self.init(
      kind: members.kind, algorithm: try require(members.algorithm, "algorithm"),
      environmentSteps: try require(members.environmentSteps, "environment_steps"),
      observationSpace: try require(members.observationSpace, "obs_space"),
      actionSpace: try require(members.actionSpace, "action_space"), wrappers: members.wrappers,
      normalization: members.normalization,
      activation: try require(members.activation, "activation"), policy: try require(members.policy, "policy"),
      sigma: members.sigma, value: members.value)
  }
}

/// The members of the file that have been met.
private struct Members {
  var kind: String?
  var algorithm: String?
  var environmentSteps: Int?
  var observationSpace: Space?
  var actionSpace: Space?
  var wrappers = Wrappers()
  var normalization: PolicySnapshot.Normalization?
  var activation: ActivationName?
  var policy: [PolicySnapshot.Layer]?
  var sigma: PolicySnapshot.Sigma?
  var value: [PolicySnapshot.Layer]?

  init(_ file: FileScanner) throws(TrainingError) {
    var file = file
    var members = Members()
    try file.readObject { file, name throws(TrainingError) in
      switch name {
      case "kind": members.kind = try file.readString()
      case "algorithm": members.algorithm = try file.readString()
      case "environment_steps": members.environmentSteps = try file.readCount()
      case "obs_space": members.observationSpace = try file.readSpace()
      case "action_space": members.actionSpace = try file.readSpace()
      case "wrappers": members.wrappers = try file.readWrappers()
      case "normalization": members.normalization = try file.readNormalization()
      case "activation": members.activation = try file.readCase(of: ActivationName.self)
      case "policy": members.policy = try file.readLayers()
      case "sigma": members.sigma = try file.readSigma()
      case "value": members.value = try file.readLayers()
      default: return false
      }
      return true
    }
    try file.finish()
    self = members
  }

  private init() {}
}

extension FileScanner {
  /// Looks for the format and the version before anything else, since the rest of another version may be anything.
  fileprivate func requirePolicyFormat() throws(TrainingError) {
    var file = self
    var (format, version) = ("unnamed", 0)
    try file.readObject { file, name throws(TrainingError) in
      switch name {
      case "format": format = try file.readString()
      case "version": version = try file.readCount()
      default: return false
      }
      return true
    }
    guard format == PolicyFile.formatName else {
      throw unusable("its format is \(format.abbreviated()), not \(PolicyFile.formatName)")
    }
    guard PolicyFile.versions.contains(version) else {
      throw unusable("it has version \(version) of the format, and this program reads versions 1 to 3")
    }
  }

  fileprivate mutating func readNormalization() throws(TrainingError) -> PolicySnapshot.Normalization {
    var (mean, variance): ([Double]?, [Double]?)
    try readObject { file, name throws(TrainingError) in
      switch name {
      case "mean": mean = try file.readDoubles()
      case "variance": variance = try file.readDoubles()
      default: return false
      }
      return true
    }
    guard let mean, let variance else { throw unusable("mean and variance are needed") }
    return PolicySnapshot.Normalization(mean: mean, variance: variance)
  }

  fileprivate mutating func readSigma() throws(TrainingError) -> PolicySnapshot.Sigma {
    var form: SigmaForm?
    var values: [Float]?
    var layers: [PolicySnapshot.Layer]?
    try readObject { file, name throws(TrainingError) in
      switch name {
      case "form": form = try file.readCase(of: SigmaForm.self)
      case "values": values = try file.readFloats()
      case "layers": layers = try file.readLayers()
      default: return false
      }
      return true
    }
    guard let form else { throw unusable("form is missing") }
    return PolicySnapshot.Sigma(form: form, values: values, layers: layers)
  }

  fileprivate mutating func readLayers() throws(TrainingError) -> [PolicySnapshot.Layer] {
    var layers: [PolicySnapshot.Layer] = []
    try readArray { file throws(TrainingError) in layers.append(try file.readLayer()) }
    return layers
  }

  private mutating func readLayer() throws(TrainingError) -> PolicySnapshot.Layer {
    var weights: (numbers: [Float], rows: Int?)?
    var biases: [Float]?
    try readObject { file, name throws(TrainingError) in
      switch name {
      case "weights": weights = try file.readRows()
      case "biases": biases = try file.readFloats()
      default: return false
      }
      return true
    }
    guard let weights, let biases else { throw unusable("weights and biases are needed") }
    guard weights.rows ?? biases.count == biases.count else {
      throw unusable("it has \(weights.rows ?? 0) rows of weights and \(biases.count) biases")
    }
    return PolicySnapshot.Layer(weights: weights.numbers, biases: biases)
  }
}
