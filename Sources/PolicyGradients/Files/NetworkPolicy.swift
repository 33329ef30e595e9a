import Environments
import NeuralNetworks

/// A policy that acts by the networks of a ``PolicySnapshot``.
public final class NetworkPolicy: Policy {
  /// The space of the observations.
  public let observationSpace: Space
  /// The space of the actions.
  public let actionSpace: Space
  /// How many of the latest observations are one to it.
  public let frameStack: Int

  private let encoder: ObservationEncoder
  private let actionEncoder: ActionEncoder
  /// The statistics that observations are brought to scale by.
  var normalizer: ObservationNormalizer?
  private let network: PolicyNetwork
  private let valueNetwork: ValueNetwork?
  private let workspace = PolicyWorkspace()
  private let observations = Memory<Float>(filledWith: 0)
  private let actions = Memory<Float>(filledWith: 0)
  private var entropy = PCG64()

  /// Builds the networks; throws a sentence where sizes do not fit the spaces or each other, before memory is taken.
  public init(_ snapshot: PolicySnapshot) throws(TrainingError) {
    observationSpace = snapshot.observationSpace
    actionSpace = snapshot.actionSpace
    frameStack = snapshot.wrappers.frameStack
    encoder = try ObservationEncoder(snapshot.observationSpace, wrappers: snapshot.wrappers)
    actionEncoder = try ActionEncoder(snapshot.actionSpace, wrappers: snapshot.wrappers)
    if let statistics = snapshot.normalization {
      normalizer = try ObservationNormalizer(statistics, width: encoder.width)
    } else {
      normalizer = nil
    }
    network = try PolicyNetwork(snapshot, observationWidth: encoder.width, distribution: actionEncoder.distribution)
    valueNetwork = try ValueNetwork(snapshot, observationWidth: encoder.width)
    network.freeze()
    valueNetwork?.network.freeze()
  }

  /// Acts by networks that go on learning.
  init(_ network: PolicyNetwork, _ valueNetwork: ValueNetwork?, _ task: AgentTask) throws(TrainingError) {
    (observationSpace, actionSpace) = (task.observationSpace, task.actionSpace)
    frameStack = task.wrappers.frameStack
    encoder = try ObservationEncoder(observationSpace, wrappers: task.wrappers)
    actionEncoder = try ActionEncoder(actionSpace, wrappers: task.wrappers)
    (self.network, self.valueNetwork) = (network, valueNetwork)
  }

  /// Chooses actions for the first `count` rows, a block of them at a time, so that memory does not grow with batches.
  public func act(
    on batch: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    answers.hasLogProbabilities = answers.logProbabilities != nil
    answers.hasValues = answers.values != nil && valueNetwork != nil
    var first = 0
    while first < count {
      let rows = first..<min(first + MLP.blockRows, count)
      try act(on: batch, rows: rows, masks: masks, choice: choice, into: answers)
      first = rows.upperBound
    }
  }

  private func act(
    on batch: ValueBatch, rows: Range<Int>, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws(PolicyError) {
    let distribution = network.distribution
    let (parameterCount, actionCount) = (distribution.parameterCount, distribution.actionCount)
    observations.reserve(rows.count * encoder.width)
    actions.reserve(rows.count * actionCount)
    encoder.encode(batch, rows: rows, into: observations.pointer)
    normalizer?.apply(observations.pointer, rows: rows.count)
    let parameters = network.forward(observations.pointer, rows: rows.count, workspace)
    if let index = UnsafeBufferPointer(start: parameters, count: rows.count * parameterCount).firstNonFinite {
      let reason = "it is so large that the policy's network does not give finite numbers"
      throw .unusableObservation(row: rows.lowerBound + index / parameterCount, reason: reason)
    }
    let logProbabilities = answers.logProbabilities?.floats
    for (index, row) in rows.enumerated() {
      let z = parameters + index * parameterCount
      let action = actions.pointer + index * actionCount
      if let masks, let start = masks.start { _ = distribution.apply(mask: start + row * masks.width, to: z) }
      choose(z, choice.forRow(row), into: action)
      if let logProbabilities { logProbabilities[row] = distribution.logProbability(z, of: action) }
    }
    if let valueNetwork, let values = answers.values?.floats?.baseAddress {
      valueNetwork.evaluate(observations.pointer, rows: rows.count, into: values + rows.lowerBound)
    }
    actionEncoder.encode(actions.pointer, rows: rows.count, into: answers.actions, first: rows.lowerBound)
  }

  private func choose(
    _ parameters: UnsafePointer<Float>, _ choice: ActionChoice, into action: UnsafeMutablePointer<Float>
  ) {
    switch choice {
    case .greedy: network.distribution.mode(parameters, into: action)
    case .sampled(nil): network.distribution.sample(parameters, using: &entropy, into: action)
    case .sampled(let seed?):
      var generator = PCG64(seed: seed)
      network.distribution.sample(parameters, using: &generator, into: action)
    }
  }
}

extension UnsafeBufferPointer<Float> {
  /// The index of the first number that is NaN or infinite.
  fileprivate var firstNonFinite: Int? {
    // x · 0 is 0 for every finite x and NaN for every other, so one sum tells whether a search is needed.
    var sum: Float = 0
    for number in self { sum += number * 0 }
    return sum == 0 ? nil : firstIndex { !$0.isFinite }
  }
}

extension ObservationNormalizer {
  /// The statistics of a file; `count` is how many observations they are taken to stand for, if more are to come.
  init(_ statistics: PolicySnapshot.Normalization, width: Int, count: Double = 1) throws(TrainingError) {
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
    self.init(mean: statistics.mean, variance: statistics.variance, count: count)
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

extension ValueNetwork {
  /// Builds the value function of a snapshot; nil if it has none.
  convenience init?(_ snapshot: PolicySnapshot, observationWidth: Int) throws(TrainingError) {
    guard let layers = snapshot.value else { return nil }
    let hiddenSizes = try layers.hiddenSizes("value", inputSize: observationWidth, outputSize: 1)
    do {
      try self.init(
        observationWidth: observationWidth, hiddenSizes: hiddenSizes, activation: snapshot.activation.function)
      try network.load(layers.numbers)
    } catch {
      throw .unusableFile(what: "policy file", reason: "\(error)")
    }
  }
}

extension [PolicySnapshot.Layer] {
  /// The numbers in the order in which a network keeps them.
  var numbers: [Float] {
    var numbers: [Float] = []
    numbers.reserveCapacity(reduce(0) { $0 + $1.weights.count + $1.biases.count })
    for layer in self { numbers += layer.weights + layer.biases }
    return numbers
  }

  /// The widths between the layers, once every layer has been found to fit the next; nothing is built before that.
  func hiddenSizes(_ name: String, inputSize: Int, outputSize: Int) throws(TrainingError) -> [Int] {
    guard (1...17).contains(count) else {
      throw .unusableFile(what: "policy file", reason: "\(name) has \(count) layers, and 1 to 17 are possible")
    }
    var width = inputSize
    for (index, layer) in enumerated() {
      let units = index == count - 1 ? outputSize : layer.biases.count
      let (count, overflows) = units.multipliedReportingOverflow(by: width)
      guard !overflows, layer.biases.count == units, layer.weights.count == count else {
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
