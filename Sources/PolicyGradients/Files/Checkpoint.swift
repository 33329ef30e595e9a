import Environments
import NeuralNetworks
import SpaceCoding

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Everything that the rest of a run depends on, taken between two epochs of which the second begins with resets.
///
/// A run that goes on from here gives the same bits as one that was never interrupted.
public struct Checkpoint: Codable {
  /// What the file says that it is.
  public private(set) var format = Self.formatName
  /// The version of the format.
  public private(set) var version = 1
  /// The settings of the run.
  public var configuration: Configuration
  /// How many epochs are over.
  public var epoch: Int
  /// How many environment steps have been made.
  public var environmentSteps: Int
  /// How many updates have been made.
  public var updates: Int

  let observationSpace: CodedSpace
  let actionSpace: CodedSpace
  let policy: FloatBlock
  let policyOptimizer: CodedOptimizer
  let value: FloatBlock?
  let valueOptimizer: CodedOptimizer?
  /// The streams of action noise, one for each sub-environment.
  let generators: [[UInt64]]
  /// The stream that orders minibatches.
  let minibatchGenerator: [UInt64]
  let normalizer: ObservationNormalizer?
  let rewardScaler: RewardScaler?
  /// What has happened in the epoch under way; nil between two epochs.
  let epochUnderWay: EpochTally?

  /// How many sub-environments the run has; it can only go on with as many.
  public var environments: Int { generators.count }

  /// The spaces that the run is for.
  public var spaces: (observations: Space, actions: Space) { (observationSpace.space, actionSpace.space) }

  /// The name of the format.
  public static let formatName = "pgagent-checkpoint"
  /// The largest file that is read, in bytes.
  public static let largestSize = 1 << 32

  /// The bytes of a checkpoint file.
  public func encode() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try [UInt8](encoder.encode(self)) + [0x0A]
  }

  /// Reads the bytes of a checkpoint file.
  ///
  /// Throws a sentence where they are not a checkpoint; whether it fits the environments is found out by the trainer.
  public static func decode(_ bytes: [UInt8]) throws(TrainingError) -> Checkpoint {
    let header = try decodeJSON(Header.self, bytes, what: "checkpoint", largestSize: largestSize)
    guard header.format == formatName, header.version == 1 else {
      throw .unusableFile(
        what: "checkpoint",
        reason: "it is \(header.format ?? "of no format") version \(header.version ?? 0), not \(formatName) version 1"
      )
    }
    return try decodeJSON(Checkpoint.self, bytes, what: "checkpoint", largestSize: largestSize)
  }

  private struct Header: Decodable {
    let format: String?
    let version: Int?
  }
}

/// Floats as the bytes of little-endian binary32, which a file holds in base64.
struct FloatBlock: Codable {
  let numbers: [Float]

  init(_ numbers: [Float]) {
    self.numbers = numbers
  }

  init(from decoder: any Decoder) throws {
    let bytes = [UInt8](try decoder.singleValueContainer().decode(Data.self))
    numbers = stride(from: 0, to: bytes.count & ~3, by: 4).map { position in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << (8 * UInt32($1)) })
    }
  }

  func encode(to encoder: any Encoder) throws {
    var bytes = Data(capacity: 4 * numbers.count)
    for number in numbers {
      for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> (8 * UInt32(shift)))) }
    }
    var container = encoder.singleValueContainer()
    try container.encode(bytes)
  }
}

/// The state of an optimiser in a file.
struct CodedOptimizer: Codable {
  let name: String
  let stepCount: Int
  let moments: [FloatBlock]

  init(_ state: OptimizerState) {
    (name, stepCount, moments) = (state.optimizer, state.stepCount, state.moments.map(FloatBlock.init))
  }

  var state: OptimizerState {
    OptimizerState(optimizer: name, stepCount: stepCount, moments: moments.map(\.numbers))
  }
}

extension Checkpoint {
  init(
    _ learner: Learner, epoch: Int, environmentSteps: Int, observationSpace: Space, actionSpace: Space,
    generators: [PCG64], normalizer: ObservationNormalizer?, rewardScaler: RewardScaler?,
    epochUnderWay: EpochTally? = nil
  ) {
    self.init(
      configuration: learner.configuration, epoch: epoch, environmentSteps: environmentSteps,
      updates: learner.updates, observationSpace: CodedSpace(observationSpace), actionSpace: CodedSpace(actionSpace),
      policy: FloatBlock(learner.policy.parameters.array),
      policyOptimizer: CodedOptimizer(learner.policyOptimizer.state),
      value: (learner.value?.network.parameters.array).map(FloatBlock.init),
      valueOptimizer: (learner.valueOptimizer?.state).map(CodedOptimizer.init),
      generators: generators.map(\.words), minibatchGenerator: learner.generator.words, normalizer: normalizer,
      rewardScaler: rewardScaler, epochUnderWay: epochUnderWay)
  }

  /// The streams of action noise, once every part has been found to fit the others and observations of that width.
  func checkedGenerators(observationWidth: Int) throws(TrainingError) -> [PCG64] {
    let streams = generators.compactMap { PCG64(words: $0) }
    guard
      streams.count == generators.count, epoch >= 0, updates >= 0, environmentSteps >= 0,
      normalizer.map({ $0.mean.count == observationWidth }) ?? !configuration.normalizesObservations,
      (rewardScaler != nil) == configuration.scalesRewards
    else { throw .unusableFile(what: "checkpoint", reason: "its parts do not fit each other") }
    return streams
  }

  /// Refuses spaces other than those of the run.
  func require(observations: Space, actions: Space) throws(TrainingError) {
    try require(observations, observationSpace.space, "observations")
    try require(actions, actionSpace.space, "actions")
  }

  private func require(_ space: Space, _ expected: Space, _ what: String) throws(TrainingError) {
    guard space != expected else { return }
    throw .differentSpace(what: what, expected: expected.text, actual: space.text)
  }
}

extension Learner {
  /// Takes over the numbers, the state of the optimisers and the count of updates.
  func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    guard let generator = PCG64(words: checkpoint.minibatchGenerator) else {
      throw .unusableFile(what: "checkpoint", reason: "its random numbers cannot be gone on with")
    }
    do {
      try policy.parameters.load(checkpoint.policy.numbers)
      try policyOptimizer.restore(checkpoint.policyOptimizer.state)
      if let value, let valueOptimizer {
        try value.network.parameters.load(checkpoint.value?.numbers ?? [])
        try valueOptimizer.restore(
          checkpoint.valueOptimizer?.state ?? OptimizerState(optimizer: "nothing", stepCount: 0, moments: [])
        )
      }
    } catch {
      throw .unusableFile(what: "checkpoint", reason: "\(error)")
    }
    self.generator = generator
    updates = checkpoint.updates
  }
}

extension Trainer {
  /// The state between two epochs; to be taken where the metrics of an epoch say that it is resumable.
  public func checkpoint() -> Checkpoint {
    Checkpoint(
      learner, epoch: epoch, environmentSteps: environmentSteps, observationSpace: observationSpace,
      actionSpace: actionSpace, generators: collector.generators, normalizer: collector.normalizer,
      rewardScaler: rewardScaler)
  }

  /// Goes on from a checkpoint, in as many sub-environments and with the same spaces as the run that it was taken from.
  public convenience init(
    resuming checkpoint: Checkpoint,
    environments: [any VectorEnvironment],
    usesHelperThread: Bool = false
  ) throws(TrainingError) {
    try self.init(checkpoint.configuration, environments: environments, usesHelperThread: usesHelperThread)
    try restore(checkpoint)
  }

  private func restore(_ checkpoint: Checkpoint) throws(TrainingError) {
    try checkpoint.require(observations: observationSpace, actions: actionSpace)
    guard checkpoint.environments == collector.environments else {
      throw .unusableSetting(
        name: "number of environments",
        value: "\(collector.environments)",
        requirement: "\(checkpoint.environments), as it was in the run to be resumed"
      )
    }
    let generators = try checkpoint.checkedGenerators(observationWidth: batch.observationWidth)
    guard checkpoint.rewardScaler.map({ $0.environments == generators.count }) ?? true else {
      throw .unusableFile(what: "checkpoint", reason: "its reward statistics are of other sub-environments")
    }
    try learner.restore(checkpoint)
    collector.generators = generators
    collector.normalizer = checkpoint.normalizer
    rewardScaler = checkpoint.rewardScaler
    (epoch, environmentSteps) = (checkpoint.epoch, checkpoint.environmentSteps)
  }
}
