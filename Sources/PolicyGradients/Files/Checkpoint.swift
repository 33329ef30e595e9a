import Environments
import SpaceCoding

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Everything that the rest of a run depends on, but the episodes under way.
///
/// A checkpoint disturbs nothing: episodes go on. A run that goes on from it begins them anew, so that it gives the same
/// bits as every other that goes on from there, and others than the run that was never interrupted.
public struct Checkpoint: Codable {
  /// What the file says that it is.
  public private(set) var format = Self.formatName
  /// The version of the format.
  public private(set) var version = Self.currentVersion
  /// The settings of the run.
  public private(set) var settings: SettingValues
  /// How many epochs are over.
  public let epoch: Int
  /// How many environment steps have been learned from.
  public let environmentSteps: Int
  /// How many sub-environments the run has, and can go on with; 0 for sessions.
  public let environments: Int
  /// The names of the files that hold parts too large for this one, by part.
  public var files: [String: String] = [:]

  private let observationSpace: CodedSpace
  private let actionSpace: CodedSpace
  /// The states of the agent's parts, by name.
  private var parts: [String: PartState]
  /// How many updates of the epoch under way are over.
  let updatesInEpoch: Int
  /// How many episodes were under way.
  let runningEpisodes: Int
  /// What has happened in the epoch under way.
  let tally: EpochTally
  /// Where the run is in its curriculum; nil where it has none.
  let curriculum: CurriculumState?

  /// The spaces that the run is for.
  public var spaces: (observations: Space, actions: Space) { (observationSpace.space, actionSpace.space) }

  /// The name of the format.
  public static let formatName = "pgagent-checkpoint"
  /// The version that is written and read.
  public static let currentVersion = 2
  /// The largest file that is read, in bytes.
  public static let largestSize = 1 << 32

  init(
    _ agent: any Agent, _ settings: SettingValues, _ task: AgentTask, epoch: Int, updatesInEpoch: Int,
    environmentSteps: Int, runningEpisodes: Int, tally: EpochTally, curriculum: CurriculumState? = nil
  ) {
    self.curriculum = curriculum
    (self.settings, self.epoch, self.updatesInEpoch) = (settings, epoch, updatesInEpoch)
    (self.environmentSteps, self.runningEpisodes, self.tally) = (environmentSteps, runningEpisodes, tally)
    environments = task.streams
    (observationSpace, actionSpace) = (CodedSpace(task.observationSpace), CodedSpace(task.actionSpace))
    parts = Dictionary(
      agent.parts.filter { $0.file == nil }.map { ($0.name, $0.state()) }, uniquingKeysWith: { first, _ in first })
  }

  /// Lets the run have another number of epochs, which decides how learning rates fall from here on.
  public mutating func setEpochs(_ epochs: Int) { settings.epochs = epochs }

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
    guard header.format == formatName else {
      throw .unusableFile(what: "checkpoint", reason: "it is \(header.format ?? "of no format"), not \(formatName)")
    }
    guard header.version == currentVersion else {
      throw .unusableFile(
        what: "checkpoint",
        reason: "it has version \(header.version ?? 0) of the format, and this program goes on from version "
          + "\(currentVersion); the policies of its run can still be used")
    }
    let checkpoint = try decodeJSON(Checkpoint.self, bytes, what: "checkpoint", largestSize: largestSize)
    try checkpoint.requirePlausible()
    return checkpoint
  }

  private struct Header: Decodable {
    let format: String?
    let version: Int?
  }

  /// Refuses numbers that no run can have had.
  private func requirePlausible() throws(TrainingError) {
    let counts = [
      ("epoch", epoch, settings.epochs), ("environmentSteps", environmentSteps, PartState.countRange.upperBound),
      ("updatesInEpoch", updatesInEpoch, PartState.countRange.upperBound), ("environments", environments, 1 << 20),
      ("runningEpisodes", runningEpisodes, environments),
    ]
    for (name, count, limit) in counts where count < 0 || count > limit {
      throw .unusableFile(what: "checkpoint", reason: "\(name) is \(count), and it can be 0 to \(limit)")
    }
    guard tally.isPlausible else {
      throw .unusableFile(what: "checkpoint", reason: "what it counts of the epoch under way cannot be")
    }
  }

  /// The arrays of single precision of all parts, in the order of their names.
  var blocks: [FloatBlock] {
    parts.keys.sorted().flatMap { parts[$0]?.floats ?? [] }
  }

  /// Changes the arrays of single precision of all parts, in the order of their names.
  mutating func changeBlocks(_ change: (inout FloatBlock) -> Void) {
    for name in parts.keys.sorted() {
      for index in (parts[name]?.floats ?? []).indices {
        if var block = parts[name]?.floats?[index] {
          parts[name]?.floats?[index] = FloatBlock([])
          change(&block)
          parts[name]?.floats?[index] = block
        }
      }
    }
  }

  /// Brings an agent to the state that was kept, once its spaces are known to be the same.
  func restore(_ agent: any Agent, _ task: AgentTask) throws(TrainingError) {
    try require(task.observationSpace, observationSpace.space, "observations")
    try require(task.actionSpace, actionSpace.space, "actions")
    for part in agent.parts where part.file == nil {
      guard let state = parts[part.name] else {
        throw .unusableFile(what: "checkpoint", reason: "it has no \(part.name)")
      }
      try part.restore(state)
    }
  }

  private func require(_ space: Space, _ expected: Space, _ what: String) throws(TrainingError) {
    guard space != expected else { return }
    throw .differentSpace(what: what, expected: expected.text, actual: space.text)
  }
}

extension Trainer {
  /// The state as it is between two steps or two epochs; steps that no update has used are not part of it.
  public func checkpoint() -> Checkpoint {
    Checkpoint(
      agent, settings, task, epoch: epoch, updatesInEpoch: updatesInEpoch, environmentSteps: environmentSteps,
      runningEpisodes: collector.runningEpisodes, tally: collector.tally, curriculum: collector.curriculum?.state)
  }

  /// Goes on from a checkpoint, in as many sub-environments and with the same spaces as the run that it was taken from.
  public convenience init(
    resuming checkpoint: Checkpoint,
    environments: [any VectorEnvironment],
    shaping: Shaping? = nil,
    curriculum: Curriculum? = nil,
    info: [InfoMetric] = [],
    wrappers: Wrappers = Wrappers(),
    firstAnswers: FirstAnswers? = nil,
    lateWorkers: Int = 0,
    usesHelperThread: Bool = false,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) {
    let count = environments.reduce(0) { $0 + $1.count }
    guard checkpoint.environments == count else {
      throw .unusableSetting(
        name: "number of environments", value: "\(count)",
        requirement: "\(checkpoint.environments), as it was in the run to be resumed")
    }
    try self.init(
      checkpoint.settings, environments: environments, shaping: shaping, curriculum: curriculum, info: info,
      wrappers: wrappers, firstAnswers: firstAnswers, lateWorkers: lateWorkers, usesHelperThread: usesHelperThread,
      isInterrupted: isInterrupted)
    if let state = checkpoint.curriculum { try curriculum?.restore(state) }
    try checkpoint.restore(agent, task)
    guard checkpoint.updatesInEpoch < updatesPerEpoch else {
      throw .unusableFile(
        what: "checkpoint",
        reason: "updatesInEpoch is \(checkpoint.updatesInEpoch), and an epoch has \(updatesPerEpoch)")
    }
    (epoch, environmentSteps) = (checkpoint.epoch, checkpoint.environmentSteps)
    updatesInEpoch = checkpoint.updatesInEpoch
    var tally = checkpoint.tally
    // They begin anew, and what they had earned is lost.
    tally.cutEpisodes += checkpoint.runningEpisodes
    collector.beginEpoch(tally)
  }
}
