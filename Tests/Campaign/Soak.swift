import CommandLineOptions
import Foundation
import GymwireIO

/// Each role at full speed for a long time, whose memory has to stay flat.
enum Soak {
  static let fullSeconds = 1_800
  static let command = Command(
    "soak", summary: "Each role at full speed with flat memory, 30 minutes each.", groups: [Orders.group]
  ) { arguments in try Campaign.attack(arguments, "soak", run) }

  /// Growth in kB that allocators and buffers may show beside the program, which in the first minute still find their size.
  private static func tolerance(over seconds: Double) -> Int { (seconds < 60 ? 32 : 8) << 10 }

  static func run(_ orders: Orders, _ ledger: Ledger) throws {
    let seconds = Double(orders.seconds(of: fullSeconds))
    for target in try Target.all(orders) {
      try ledger.record("soak, \(target.name)", "requests") { row in try soak(target, seconds, orders, &row) }
    }
    try ledger.record("soak, pgagent train", "samples of its memory") { row in try soakAgent(seconds, orders, &row) }
  }

  private static func soak(
    _ target: Target, _ seconds: Double, _ orders: Orders, _ row: inout Ledger.Row
  ) throws {
    let directory = try orders.scratch("soak")
    defer { Files.remove(directory) }
    let peer = try Peer(target.command.map { $0.replacing("{directory}", with: directory) })
    defer { peer.process.kill() }
    _ = try peer.exchange([Array(target.hellos[0].utf8)])
    let requests = (target.requests.dropFirst() + target.questions).filter { !$0.contains("\"save\"") }.map {
      Array($0.utf8)
    }
    let lines = Array(Array(repeating: requests, count: 4).joined())
    try watch(peer.process.processIdentifier, seconds, &row) { row in
      row.count += try peer.exchange(lines).count
    }
  }

  private static func soakAgent(_ seconds: Double, _ orders: Orders, _ row: inout Ledger.Row) throws {
    let directory = try orders.scratch("soak")
    defer { Files.remove(directory) }
    let agent = try ChildProcess(command: [
      orders.program("pgagent"), "--env-cmd", orders.program("cartpole-server"), "--out", directory + "/run",
      "--epochs", "1000000000", "--lr-decay", "none",
    ])
    defer { agent.kill() }
    try watch(agent.processIdentifier, seconds, &row) { row in
      row.count += 1
      guard agent.exit(within: .milliseconds(200)) == nil else { throw CampaignError("ended on its own") }
    }
  }

  /// Does something over and over, and looks at a process's memory meanwhile.
  private static func watch(
    _ process: Int32, _ seconds: Double, _ row: inout Ledger.Row, _ body: (inout Ledger.Row) throws -> Void
  ) throws {
    let start = SystemCalls.now()
    var samples: [Int] = []
    var next = start
    while SystemCalls.now() - start < seconds {
      do { try body(&row) } catch { return row.fail("\(error)") }
      guard SystemCalls.now() >= next else { continue }
      samples.append(ProcessTable.memory(process))
      next += max(0.05, seconds / 200)
    }
    row.see(memoryOf: process)
    guard samples.count >= 9 else { return }
    let third = samples.count / 3
    let (middle, end) = (samples[third..<2 * third].max() ?? 0, samples[(2 * third)...].max() ?? 0)
    row.note = "\(middle.grouped) kB in the second third, \(end.grouped) kB in the last"
    if end - middle > tolerance(over: seconds) { row.fail("memory grew from \(middle) to \(end) kB") }
  }
}
