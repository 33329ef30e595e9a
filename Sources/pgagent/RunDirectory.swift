#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import GymwireIO
import PolicyGradients

/// The directory of one run: its settings, its metrics as JSON Lines and as CSV, its checkpoint and its policies.
struct RunDirectory {
  private let claim: RunClaim
  private let metrics: GrowingFile
  private let table: GrowingFile
  private let evaluations: GrowingFile

  var path: String { claim.path }
  /// The policy as it was when it was last saved.
  var policyPath: String { path + "/policy.json" }
  /// The policy that did best in the evaluations during the run.
  var bestPolicyPath: String { path + "/best-policy.json" }

  /// Begins a new run in a directory; `record` is what its `config.json` holds.
  static func create(_ claim: RunClaim, _ record: some RecordOfRun) throws -> RunDirectory {
    let directory = try RunDirectory(
      claim, metrics: [], table: [MetricsRow.header(record)], evaluations: [])
    try directory.write(record)
    return directory
  }

  /// Writes what `config.json` holds.
  func write(_ record: some RecordOfRun) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let settings = try String(decoding: encoder.encode(record), as: UTF8.self)
    try AtomicFile.write(settings + "\n", to: path + "/config.json")
  }

  /// Opens the directory of a run to be resumed, and cuts its metrics back to the checkpoint.
  ///
  /// A run that has neither a checkpoint nor anything else to lose begins anew.
  static func resume<Record: RecordOfRun>(
    _ path: String, as _: Record.Type
  ) throws -> (directory: RunDirectory, record: Record, checkpoint: Checkpoint?, best: EvaluationRow?) {
    let claim = try RunClaim.resumed(path)
    let settings = try WholeFile.read(path + "/config.json", atMost: largestSettings)
    let record: Record
    do {
      record = try JSONDecoder().decode(Record.self, from: Data(settings))
      try record.requireRanges()
    } catch let error as TrainingError {
      throw UsageError.conflict(
        "--resume \(path) cannot be read: its config.json has settings that cannot be used. \(error) A run of another "
          + "version of pgagent goes on with that one alone; the policies that it has written can be used by this one")
    } catch {
      throw UsageError.conflict(
        "--resume \(path) cannot be read: its config.json is not one that this command has written; "
          + "a run of pgagent train goes on with pgagent train, one of pgagent learn with pgagent learn")
    }
    var checkpoint = try contents(path + "/checkpoint.json", atMost: Checkpoint.largestSize).map { bytes in
      try UnusableFile.namingCheckpoint(of: path) { () throws(TrainingError) in
        var checkpoint = try Checkpoint.decode(bytes)
        // A run may be given more epochs, and its settings are written before the next checkpoint.
        if record.configuration.epochs >= checkpoint.epoch { checkpoint.setEpochs(record.configuration.epochs) }
        // Whatever else the command line allows can be in either, but not two things at once.
        guard checkpoint.settings == record.configuration else {
          throw .unusableFile(what: "checkpoint", reason: "its settings are not those of the config.json beside it")
        }
        return checkpoint
      }
    }
    if let arrays = try checkpoint?.missingArrays() {
      let name = Checkpoint.longArraysName
      try PartFiles(in: path).read(arrays, of: name, checkpoint?.files[name])
      checkpoint?.putBack(arrays)
    }
    if checkpoint == nil, let file = claim.learnedFile {
      throw UsageError.conflict(
        "--resume \(path) cannot go on: there is no checkpoint.json, and to begin anew would lose its \(file); "
          + "begin another run with --out")
    }
    let epochs = checkpoint?.epoch ?? 0
    let metrics = try lines(path + "/metrics.jsonl")
    let table = try lines(path + "/metrics.csv")
    guard metrics.count >= epochs, table.count > epochs || epochs == 0 else {
      throw UsageError.conflict(
        "--resume \(path) cannot be read: its checkpoint is of epoch \(epochs), but its metrics are shorter")
    }
    let evaluations = try lines(path + "/evaluations.jsonl").compactMap { line in
      (try? JSONDecoder().decode(EvaluationRow.self, from: Data(line.utf8))).map { (line, $0) }
    }.filter { $0.1.epoch <= epochs }
    let directory = try RunDirectory(
      claim, metrics: Array(metrics.prefix(epochs)),
      table: [MetricsRow.header(record)] + table.dropFirst().prefix(epochs),
      evaluations: evaluations.map(\.0))
    // The first of equals, as the run itself decides.
    let best = evaluations.map(\.1).reduce(nil as EvaluationRow?) { best, row in
      row.isBetter(than: best, by: record.criterion) ? row : best
    }
    return (directory, record, checkpoint, best)
  }

  private init(_ claim: RunClaim, metrics: [String], table: [String], evaluations: [String]) throws {
    claim.begin()
    let path = claim.path
    self.claim = claim
    self.metrics = try GrowingFile(path + "/metrics.jsonl", beginningWith: metrics.joined())
    self.table = try GrowingFile(path + "/metrics.csv", beginningWith: table.joined())
    self.evaluations = try GrowingFile(path + "/evaluations.jsonl", beginningWith: evaluations.joined())
  }

  static let largestSettings = 1 << 20
  private static let largestMetrics = 1 << 32

  /// The bytes of a file; nil if it is not there.
  private static func contents(_ path: String, atMost limit: Int) throws(FileError) -> [UInt8]? {
    do throws(FileError) { return try WholeFile.read(path, atMost: limit) } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// The whole lines of a file with their ends; none if it is not there.
  private static func lines(_ path: String) throws(FileError) -> [String] {
    guard let bytes = try contents(path, atMost: largestMetrics) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0 + "\n" }
  }

  /// Adds an epoch to the metrics.
  func append(_ row: MetricsRow) throws {
    try appending {
      try metrics.append(row.line)
      try table.append(row.record)
    }
  }

  /// Adds an evaluation.
  func append(_ row: EvaluationRow) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let line = try String(decoding: encoder.encode(row), as: UTF8.self) + "\n"
    try appending { try evaluations.append(line) }
  }

  /// Writes a policy.
  func write(_ policy: PolicySnapshot, to path: String) throws {
    let bytes = PolicyFile.encode(policy)
    try writing { try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) } }
  }

  /// Writes the checkpoint, after the metrics that belong to it and the files of parts that are too large for it.
  ///
  /// Those get new names, so that the checkpoint before keeps its own until this one is there.
  func write(_ checkpoint: Checkpoint, of agent: any Agent) throws {
    // A run cannot be resumed from a checkpoint that is ahead of its metrics.
    if let failure = claim.failure { throw failure }
    for file in [metrics, table, evaluations] { file.synchronize() }
    var checkpoint = checkpoint
    try writing {
      let before = try PartFiles(in: path)
      if let arrays = checkpoint.takeLongArrays() {
        checkpoint.files[Checkpoint.longArraysName] = try before.write(arrays, of: Checkpoint.longArraysName)
      }
      for part in agent.parts {
        guard let file = part.file else { continue }
        checkpoint.files[part.name] = try before.write(file, of: part.name)
      }
      let bytes = try checkpoint.encode()
      try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path + "/checkpoint.json") }
      before.remove()
    }
    claim.savedEpoch = checkpoint.epoch
  }

  /// Fills the parts of an agent that a checkpoint keeps in files of their own.
  func read(_ checkpoint: Checkpoint, into agent: any Agent) throws {
    for part in agent.parts {
      guard let file = part.file else { continue }
      try PartFiles(in: path).read(file, of: part.name, checkpoint.files[part.name])
    }
  }

  private func appending(_ body: () throws -> Void) throws {
    do { try writing(body) } catch let error as UnwritableRun {
      claim.failure = error
      throw error
    }
  }

  /// Says of a disk that is full, and the like, what is safe and how to go on.
  private func writing(_ body: () throws -> Void) throws {
    do { try body() } catch let error as FileError { throw UnwritableRun(path: path, epoch: claim.savedEpoch, error) }
  }
}
