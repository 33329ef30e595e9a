import Foundation
import GymwireIO

/// Small runs of `pgagent train`, whose files are copied and spoiled.
enum SeedRun: String, CaseIterable {
  /// One whose files are all of text.
  case small
  /// One that remembers what happened in a file beside its checkpoint.
  case remembering
  /// One whose networks are so large that they are kept in a file beside its checkpoint.
  case large

  /// A file of one of them.
  enum Kind: CaseIterable {
    case policy, checkpoint, configuration, transcript
    /// The checkpoint that has its replay beside it.
    case checkpointOfReplay
    case replay, arrays

    /// Where it is, in the directory of a run or of a copy of one.
    func path(in directory: String) throws -> String {
      let names = try FileManager.default.contentsOfDirectory(atPath: directory)
      // Parts are numbered anew whenever the run is saved.
      guard let name = names.first(where: { isBinary ? $0.hasPrefix("\(self)-") : $0 == textName }) else {
        throw CampaignError("\(directory) has no \(self)")
      }
      return "\(directory)/\(name)"
    }

    private var textName: String {
      switch self {
      case .policy: "policy.json"
      case .configuration: "config.json"
      case .transcript: SeedRun.transcriptName
      case .checkpoint, .checkpointOfReplay, .replay, .arrays: "checkpoint.json"
      }
    }

    var run: SeedRun {
      switch self {
      case .policy, .checkpoint, .configuration, .transcript: .small
      case .checkpointOfReplay, .replay: .remembering
      case .arrays: .large
      }
    }

    /// Whether its bytes are numbers, and not a text.
    var isBinary: Bool { self == .replay || self == .arrays }
  }

  /// How many sub-environments each has.
  static let environments = 2
  private static let transcriptName = "record.txt"

  /// The options of a run with a small replay, which soon learns.
  static let rememberingWords = [
    "--algo", "sac", "--replay-size", "1000", "--learning-starts", "50", "--gradient-steps", "1", "--batch-size", "16",
    "--prioritized", "on",
  ]

  func directory(_ orders: Orders) -> String { "\(orders.directory)/seed-run-\(rawValue)" }

  private func words(_ orders: Orders) -> [String] {
    switch self {
    case .small:
      ["--env-cmd", orders.program("cartpole-server"), "--epochs", "3", "--min-horizon", "1", "--hidden", "4"]
    case .remembering:
      ["--env-cmd", orders.program("cartpole-server"), "--epochs", "3", "--hidden", "4"] + Self.rememberingWords
    case .large: ["--env-cmd", orders.program("cartpole-server"), "--epochs", "1", "--hidden", "256,256"]
    }
  }

  /// Makes all of them anew.
  static func make(_ orders: Orders) throws {
    for run in allCases { try run.make(orders) }
  }

  private func make(_ orders: Orders) throws {
    let path = directory(orders)
    Files.remove(path)
    let agent = try ChildProcess(
      command: [
        orders.program("pgagent"), "--out", path, "--steps-per-epoch", "100", "--num-envs", "\(Self.environments)",
        "--record", path + ".record",
      ] + words(orders))
    defer { agent.kill() }
    guard agent.exit(within: Patience.duration) == .status(0) else {
      throw CampaignError("the run to begin with failed: \(agent.lastErrorLines().joined(separator: " / "))")
    }
    // A conversation of some lines; a longer one would be replayed for longer than it is spoiled.
    let record = try String(contentsOfFile: path + ".record", encoding: .utf8)
    let lines = record.split(separator: "\n", omittingEmptySubsequences: false).prefix(40)
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: "\(path)/\(Self.transcriptName)")
  }

  /// What is in their files.
  static func files(_ orders: Orders) throws -> [Kind: [UInt8]] {
    if !allCases.allSatisfy({ Files.exists($0.directory(orders)) }) { try make(orders) }
    var files: [Kind: [UInt8]] = [:]
    for kind in Kind.allCases {
      let path = try kind.path(in: kind.run.directory(orders))
      files[kind] = [UInt8](try Data(contentsOf: URL(filePath: path)))
    }
    return files
  }
}
