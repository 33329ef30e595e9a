import Environments
import NeuralNetworks

/// A policy that acts by the networks of a ``PolicySnapshot``.
public final class NetworkPolicy: Policy {
  /// The space of the observations.
  public let observationSpace: Space
  /// The space of the actions.
  public let actionSpace: Space

  private let encoder: ObservationEncoder
  private let actionEncoder: ActionEncoder
  private let normalizer: ObservationNormalizer?
  private let network: PolicyNetwork
  private let workspace = PolicyWorkspace()
  private let observations = Memory<Float>(filledWith: 0)
  private let actions = Memory<Float>(filledWith: 0)

  /// Builds the networks; throws a sentence where sizes do not fit the spaces or each other, before memory is taken.
  public init(_ snapshot: PolicySnapshot) throws(TrainingError) {
    observationSpace = snapshot.observationSpace
    actionSpace = snapshot.actionSpace
    encoder = try ObservationEncoder(snapshot.observationSpace)
    actionEncoder = try ActionEncoder(snapshot.actionSpace)
    if let statistics = snapshot.normalization {
      normalizer = try ObservationNormalizer(statistics, width: encoder.width)
    } else {
      normalizer = nil
    }
    network = try PolicyNetwork(snapshot, observationWidth: encoder.width, distribution: actionEncoder.distribution)
  }

  /// Chooses actions for the first `count` rows.
  public func act(
    on batch: ValueBatch,
    count: Int,
    masks: UnsafePointer<UInt8>?,
    isDeterministic: Bool,
    generator: inout some RandomNumberGenerator,
    into result: ValueBatch
  ) {
    let distribution = network.distribution
    let maskWidth = distribution.maskCount
    observations.reserve(count * encoder.width)
    actions.reserve(count * distribution.actionCount)
    encoder.encode(batch, rows: 0..<count, into: observations.pointer)
    normalizer?.apply(observations.pointer, rows: count)
    let parameters = network.forward(observations.pointer, rows: count, workspace)
    for row in 0..<count {
      let z = parameters + row * distribution.parameterCount
      let action = actions.pointer + row * distribution.actionCount
      if let masks { _ = distribution.apply(mask: masks + row * maskWidth, to: z) }
      if isDeterministic {
        distribution.mode(z, into: action)
      } else {
        distribution.sample(z, using: &generator, into: action)
      }
    }
    actionEncoder.encode(actions.pointer, rows: count, into: result)
  }
}

extension ObservationNormalizer {
  /// The frozen statistics of a file.
  init(_ statistics: PolicySnapshot.Normalization, width: Int) throws(TrainingError) {
    guard statistics.mean.count == width, statistics.variance.count == width else {
      throw .unusableFile(
        what: "policy file",
        reason: "its normalization has \(statistics.mean.count) means and \(statistics.variance.count) variances, and "
          + "an observation has \(width) numbers"
      )
    }
    guard (statistics.mean + statistics.variance).allSatisfy(\.isFinite), statistics.variance.allSatisfy({ $0 >= 0 })
    else {
      throw .unusableFile(what: "policy file", reason: "its normalization has a number that is not finite or negative")
    }
    self.init(mean: statistics.mean, variance: statistics.variance)
  }
}

extension PolicyNetwork {
  /// Builds the network of a snapshot whose layers have been found to fit the spaces.
  convenience init(
    _ snapshot: PolicySnapshot,
    observationWidth: Int,
    distribution: ProductDistribution
  ) throws(TrainingError) {
    let form = snapshot.sigma?.form ?? .free
    let sigmaCount = distribution.logSigmaColumns.count
    let outputSize = distribution.parameterCount - (form == .head ? 0 : sigmaCount)
    let hiddenSizes = try snapshot.policy.hiddenSizes("policy", inputSize: observationWidth, outputSize: outputSize)
    let sigmaLayers = snapshot.sigma?.layers ?? []
    if form == .network, sigmaCount > 0 {
      let sizes = try sigmaLayers.hiddenSizes("sigma", inputSize: observationWidth, outputSize: sigmaCount)
      guard sizes == hiddenSizes else {
        throw .unusableFile(what: "policy file", reason: "sigma has hidden layers \(sizes) and policy \(hiddenSizes)")
      }
    }
    do {
      try self.init(
        observationWidth: observationWidth,
        distribution: distribution,
        hiddenSizes: hiddenSizes,
        activation: snapshot.activation.function,
        sigmaForm: form
      )
      try main.load(snapshot.policy.numbers)
      try sigmaNetwork?.load(sigmaLayers.numbers)
    } catch {
      throw .unusableFile(what: "policy file", reason: "\(error)")
    }
    guard sigmaCount > 0, form == .free else { return }
    let values = snapshot.sigma?.values ?? []
    guard values.count == sigmaCount, values.allSatisfy(\.isFinite) else {
      throw .unusableFile(
        what: "policy file",
        reason: "sigma has \(values.count) values, and \(sigmaCount) finite ones are needed"
      )
    }
    load(freeLogSigmas: values)
  }
}

extension [PolicySnapshot.Layer] {
  /// The numbers in the order in which a network keeps them.
  var numbers: [Float] {
    flatMap { layer in layer.weights.flatMap { $0 } + layer.biases }
  }

  /// The widths between the layers, once every layer has been found to fit the next; nothing is built before that.
  func hiddenSizes(_ name: String, inputSize: Int, outputSize: Int) throws(TrainingError) -> [Int] {
    guard (1...17).contains(count) else {
      throw .unusableFile(what: "policy file", reason: "\(name) has \(count) layers, and 1 to 17 are possible")
    }
    var width = inputSize
    for (index, layer) in enumerated() {
      let units = index == count - 1 ? outputSize : layer.biases.count
      guard layer.biases.count == units, layer.weights.count == units, layer.weights.allSatisfy({ $0.count == width })
      else {
        throw .unusableFile(
          what: "policy file",
          reason: "layer \(index) of \(name) should have \(units) rows of \(width) weights and \(units) biases"
        )
      }
      width = units
    }
    return dropLast().map(\.biases.count)
  }
}
