import Environments
import NeuralNetworks

/// A policy that acts by one network and a ``PolicyHead``: squashed Gaussian, deterministic or implicit (SPEC 18.12 ff.).
final class ActorPolicy: Policy {
  let observationSpace: Space
  let actionSpace: Space
  let frameStack: Int
  /// The statistics that observations are brought to scale by.
  var normalizer: ObservationNormalizer?

  private let encoder: ObservationEncoder
  private let actionEncoder: ActionEncoder
  private let units: ActionUnits
  private let head: PolicyHead
  private let network: MLP
  private let activations = Activations()
  private let inputs = Memory<Float>(filledWith: 0)
  private let actions = Memory<Float>(filledWith: 0)
  private var entropy = PCG64()

  /// Acts by a network that may go on learning.
  init(
    _ network: MLP, _ head: PolicyHead, observationSpace: Space, actionSpace: Space, _ wrappers: Wrappers
  ) throws(TrainingError) {
    (self.network, self.head) = (network, head)
    (self.observationSpace, self.actionSpace) = (observationSpace, actionSpace)
    frameStack = wrappers.frameStack
    // It acts between the bounds of the space by itself.
    guard !wrappers.rescalesActions else { throw .unneededRescaling }
    encoder = try ObservationEncoder(observationSpace, wrappers: wrappers)
    actionEncoder = try ActionEncoder(actionSpace)
    units = try ActionUnits(actionSpace, actionEncoder.distribution)
    guard network.inputSize == encoder.width + head.noiseWidth, network.outputSize == head.outputs,
      units.width == head.actionWidth
    else {
      throw .unusableFile(
        what: "policy file",
        reason: "its network is from \(network.inputSize) to \(network.outputSize) numbers, and its spaces need "
          + "\(encoder.width + head.noiseWidth) to \(head.outputs)")
    }
    inputs.reserve(MLP.blockRows * network.inputSize)
    actions.reserve(MLP.blockRows * head.actionWidth)
  }

  /// Builds the policy of a snapshot; `head` makes a head for the numbers of an action.
  convenience init(_ snapshot: PolicySnapshot, _ head: (Int) -> PolicyHead) throws(TrainingError) {
    let width = try ObservationEncoder(snapshot.observationSpace).width
    let actions = try ActionScaling(snapshot.actionSpace)
    let head = head(actions.width)
    let inputs = width + head.noiseWidth
    let hidden = try snapshot.policy.hiddenSizes("policy", inputSize: inputs, outputSize: head.outputs)
    let network: MLP
    do {
      network = try MLP(sizes: [inputs] + hidden + [head.outputs], activation: snapshot.activation.function)
      try network.load(snapshot.policy.numbers)
    } catch {
      throw .unusableFile(what: "policy file", reason: "\(error)")
    }
    network.freeze()
    try self.init(
      network, head, observationSpace: snapshot.observationSpace, actionSpace: snapshot.actionSpace,
      snapshot.wrappers)
    if let statistics = snapshot.normalization {
      normalizer = try ObservationNormalizer(statistics, width: width)
    }
  }

  func act(
    on batch: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    answers.hasLogProbabilities = head.hasDensity && answers.logProbabilities != nil
    answers.hasValues = false
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
    encoder.encode(batch, rows: rows, into: inputs.pointer)
    normalizer?.apply(inputs.pointer, rows: rows.count)
    addNoise(rows, choice)
    let outputs = network.forward(inputs.pointer, rows: rows.count, activations)
    for (index, row) in rows.enumerated() {
      let (z, action) = (outputs + index * head.outputs, actions.pointer + index * head.actionWidth)
      guard (0..<head.outputs).allSatisfy({ z[$0].isFinite }) else {
        throw .unusableObservation(
          row: row, reason: "it is so large that the policy's network does not give finite numbers")
      }
      if let masks, let start = masks.start { head.apply(mask: start + row * masks.width, to: z) }
      switch choice.forRow(row) {
      case .greedy: head.greedy(z, into: action)
      case .sampled(nil): head.sample(z, using: &entropy, into: action)
      case .sampled(let seed?):
        var generator = PCG64(seed: seed)
        head.sample(z, using: &generator, into: action)
      }
      if answers.hasLogProbabilities, let logs = answers.logProbabilities?.floats {
        logs[row] = (head.logProbability(z, of: action) ?? 0) - units.logVolume
      }
    }
    units.encode(actions.pointer, rows: rows.count, into: actions.pointer)
    actionEncoder.encode(actions.pointer, rows: rows.count, into: answers.actions, first: rows.lowerBound)
  }

  /// Puts ξ behind each observation, from the last row to the first, since the rows become longer; ξ is 0 where nothing is
  /// left to chance.
  private func addNoise(_ rows: Range<Int>, _ choice: ActionChoice) {
    guard head.noiseWidth > 0 else { return }
    for index in (0..<rows.count).reversed() {
      let target = inputs.pointer + index * network.inputSize
      target.update(from: inputs.pointer + index * encoder.width, count: encoder.width)
      var generator: PCG64?
      if case .sampled(let seed?) = choice.forRow(rows.lowerBound + index) { generator = PCG64(seed: seed) }
      for element in 0..<head.noiseWidth {
        var noise = 0.0
        if case .sampled = choice { noise = generator?.normal() ?? entropy.normal() }
        target[encoder.width + element] = Float(noise)
      }
    }
  }
}

extension TrainingError {
  /// What a policy that acts between the bounds of its space has no use for.
  fileprivate static var unneededRescaling: TrainingError {
    .unusableSetting(
      name: "action-rescale", value: "on",
      requirement: "left out with an off-policy algorithm, which acts between the bounds of the actions by itself")
  }
}
