import Environments
import NeuralNetworks

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

  /// How many sub-environments the run has; it can only go on with as many.
  public var environments: Int { generators.count }

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

extension Trainer {
  /// The state between two epochs; to be taken where the metrics of an epoch say that it is resumable.
  public func checkpoint() -> Checkpoint {
    Checkpoint(
      configuration: configuration,
      epoch: epoch,
      environmentSteps: environmentSteps,
      updates: learner.updates,
      observationSpace: CodedSpace(observationSpace),
      actionSpace: CodedSpace(actionSpace),
      policy: FloatBlock(learner.policy.parameters.array),
      policyOptimizer: CodedOptimizer(learner.policyOptimizer.state),
      value: (learner.value?.network.parameters.array).map(FloatBlock.init),
      valueOptimizer: (learner.valueOptimizer?.state).map(CodedOptimizer.init),
      generators: collector.generators.map(\.words),
      minibatchGenerator: learner.generator.words,
      normalizer: collector.normalizer,
      rewardScaler: rewardScaler
    )
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
    try require(observationSpace, checkpoint.observationSpace.space, "observations")
    try require(actionSpace, checkpoint.actionSpace.space, "actions")
    guard checkpoint.environments == collector.environments else {
      throw .unusableSetting(
        name: "number of environments",
        value: "\(collector.environments)",
        requirement: "\(checkpoint.environments), as it was in the run to be resumed"
      )
    }
    let generators = checkpoint.generators.compactMap { PCG64(words: $0) }
    let width = batch.observationWidth
    guard
      let minibatchGenerator = PCG64(words: checkpoint.minibatchGenerator),
      generators.count == collector.environments,
      checkpoint.epoch >= 0, checkpoint.updates >= 0, checkpoint.environmentSteps >= 0,
      checkpoint.normalizer.map({ $0.mean.count == width }) ?? !configuration.normalizesObservations,
      checkpoint.rewardScaler.map({ $0.environments == generators.count }) ?? !configuration.scalesRewards
    else { throw .unusableFile(what: "checkpoint", reason: "its parts do not fit each other") }
    do {
      try learner.policy.parameters.load(checkpoint.policy.numbers)
      try learner.policyOptimizer.restore(checkpoint.policyOptimizer.state)
      if let value = learner.value, let optimizer = learner.valueOptimizer {
        try value.network.parameters.load(checkpoint.value?.numbers ?? [])
        try optimizer.restore(
          checkpoint.valueOptimizer?.state ?? OptimizerState(optimizer: "nothing", stepCount: 0, moments: [])
        )
      }
    } catch {
      throw .unusableFile(what: "checkpoint", reason: "\(error)")
    }
    collector.generators = generators
    collector.normalizer = checkpoint.normalizer
    rewardScaler = checkpoint.rewardScaler
    learner.generator = minibatchGenerator
    learner.updates = checkpoint.updates
    (epoch, environmentSteps) = (checkpoint.epoch, checkpoint.environmentSteps)
  }

  private func require(_ space: Space, _ expected: Space, _ what: String) throws(TrainingError) {
    guard space != expected else { return }
    throw .differentSpace(what: what, expected: "\(expected)", actual: "\(space)")
  }
}
