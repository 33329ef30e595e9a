import Foundation
import GymwireIO

/// A small run of `pgagent train`, whose files are copied and spoiled.
enum SeedRun {
  /// A file of it.
  enum Kind: String, CaseIterable {
    case policy = "policy.json"
    case checkpoint = "checkpoint.json"
    case configuration = "config.json"
    case transcript = "record.txt"
  }

  static func directory(_ orders: Orders) -> String { orders.directory + "/seed-run" }

  /// Makes the run anew.
  static func make(_ orders: Orders) throws {
    let path = directory(orders)
    Files.remove(path)
    let agent = try ChildProcess(command: [
      orders.program("pgagent"), "--env-cmd", orders.program("cartpole-server"), "--out", path, "--epochs", "3",
      "--steps-per-epoch", "100", "--min-horizon", "1", "--num-envs", "2", "--hidden", "4", "--record",
      path + ".record",
    ])
    defer { agent.kill() }
    guard agent.exit(within: .seconds(60)) == .status(0) else {
      throw CampaignError("the run to begin with failed: \(agent.lastErrorLines().joined(separator: " / "))")
    }
    // A conversation of some lines; a longer one would be replayed for longer than it is spoiled.
    let record = try String(contentsOfFile: path + ".record", encoding: .utf8)
    let lines = record.split(separator: "\n", omittingEmptySubsequences: false).prefix(40)
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: "\(path)/\(Kind.transcript.rawValue)")
  }

  /// What is in its files.
  static func files(_ orders: Orders) throws -> [Kind: [UInt8]] {
    if !Files.exists(directory(orders)) { try make(orders) }
    var files: [Kind: [UInt8]] = [:]
    for kind in Kind.allCases {
      let path = "\(directory(orders))/\(kind.rawValue)"
      guard let data = FileManager.default.contents(atPath: path) else { throw CampaignError("\(path) is missing") }
      files[kind] = [UInt8](data)
    }
    return files
  }
}
