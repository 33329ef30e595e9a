#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import GymwireIO
import PolicyGradients

/// The directory of one run: its settings, its metrics as JSON Lines and as CSV, and its policy.
struct RunDirectory {
  let path: String
  private let lines: GrowingFile
  private let table: GrowingFile

  /// The policy as it was at the end of the run.
  var policyPath: String { path + "/policy.json" }

  /// Creates the directory and the files that grow during the run.
  init(_ path: String) throws {
    self.path = path
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw UsageError.conflict("the directory \(path) cannot be created; choose another place with --out")
    }
    lines = try GrowingFile(path + "/metrics.jsonl")
    table = try GrowingFile(path + "/metrics.csv")
    try table.append(MetricsRow.header)
  }

  /// Refuses a directory that holds a run already, because nothing that was learned is to be lost.
  static func requireUnused(_ path: String) throws(UsageError) {
    guard isUsed(path) else { return }
    throw .conflict("--out \(path) holds a run already; choose another directory, or move that one away")
  }

  /// The path, or the first of `path-2`, `path-3`, ... that holds no run.
  static func free(_ path: String) -> String {
    guard isUsed(path) else { return path }
    var number = 2
    while isUsed("\(path)-\(number)") { number += 1 }
    return "\(path)-\(number)"
  }

  private static func isUsed(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/config.json")
      || FileManager.default.fileExists(atPath: path + "/policy.json")
  }

  /// Writes the settings of the run.
  func write(_ record: RunRecord) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(String(decoding: encoder.encode(record), as: UTF8.self) + "\n", to: path + "/config.json")
  }

  /// Adds an epoch to the metrics.
  func append(_ row: MetricsRow) throws {
    try lines.append(row.line)
    try table.append(row.record)
  }

  /// Writes the policy.
  func write(_ policy: PolicySnapshot) throws {
    try PolicyFile.encode(policy).withUnsafeBytes { try AtomicFile.write($0, to: policyPath) }
  }
}

/// What `config.json` holds: everything that determines the run.
struct RunRecord: Codable {
  /// The command of the environment's server.
  var environmentCommand: String
  /// The registered name of the environment, as the server tells it.
  var environmentID: String?
  /// The number of sub-environments.
  var environmentCount: Int
  /// The number of processes.
  var processCount: Int
  /// The version of this program.
  var programVersion: String
  /// The hyper-parameters.
  var configuration: Configuration
}
