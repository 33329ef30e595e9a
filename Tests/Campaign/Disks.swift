import CommandLineOptions
import Environments
import Foundation
import GymwireIO

/// Disks that are full, directories that are read-only or gone, at each write: what was written before stays whole, a
/// sentence says so, and the run goes on when there is room again.
enum Disks {
  static let fullCount = 200
  static let command = Command(
    "disks", summary: "Full disks, and directories that are read-only or vanish, 200 times.", groups: [Orders.group]
  ) { arguments in try Campaign.attack(arguments, "disks", run) }

  static func run(_ orders: Orders, _ ledger: Ledger) throws {
    let count = orders.count(of: fullCount)
    try DiskRun.requireHealthy(orders)
    try ledger.record("disks, a limit on the size of files", "runs") { row in
      for number in 0..<max(1, count / 4) where row.failures.count < 20 { try limited(number, orders, &row) }
    }
    for harm in MountedDisk.Harm.allCases {
      try ledger.record("disks, \(harm.rawValue)", "runs") { row in
        var generator = PCG64(seed: orders.seed, stream: 1)
        for number in 0..<max(1, count / 4) where row.failures.count < 20 {
          guard try MountedDisk(orders).suffer(harm, number, &generator, &row) else {
            row.note = "not possible here, where nothing can be mounted"
            return
          }
        }
      }
    }
    try ledger.record("disks, a directory that vanishes", "runs") { row in
      var generator = PCG64(seed: orders.seed, stream: 2)
      for number in 0..<max(1, count / 4) where row.failures.count < 20 {
        try vanishing(number, orders, &generator, &row)
      }
    }
    try ledger.record("two runs in one directory at once", "pairs") { row in
      for _ in 0..<max(1, count / 4) where row.failures.count < 20 { try together(orders, &row) }
    }
  }

  /// Files may grow to so many blocks, more with each run.
  private static func limited(_ number: Int, _ orders: Orders, _ row: inout Ledger.Row) throws {
    let directory = try orders.scratch("limited")
    defer { Files.remove(directory) }
    let words = ShellWords.quote(DiskRun.words(orders, out: directory + "/run", number))
    let blocks = number / 2
    let agent = try ChildProcess(command: ["sh", "-c", "ulimit -f \(blocks); exec \(words)"])
    defer { agent.kill() }
    row.count += 1
    DiskRun.judge(agent, "with \(blocks) blocks", &row)
    try DiskRun.requireWhole(directory + "/run", orders, "with \(blocks) blocks", &row)
  }

  private static func vanishing(
    _ number: Int, _ orders: Orders, _ generator: inout PCG64, _ row: inout Ledger.Row
  ) throws {
    let directory = try orders.scratch("vanishing")
    defer { Files.remove(directory) }
    let agent = try ChildProcess(command: DiskRun.words(orders, out: directory + "/run", number))
    defer { agent.kill() }
    DiskRun.waitForStart(of: directory + "/run")
    let moment = generator.uniform() * 0.6
    SystemCalls.sleep(seconds: moment)
    Files.remove(directory)
    row.count += 1
    DiskRun.judge(agent, "gone after \(moment) s", &row)
  }

  /// The second of two has to be refused, however close together they start, and the first be undisturbed.
  private static func together(_ orders: Orders, _ row: inout Ledger.Row) throws {
    let directory = try orders.scratch("together")
    defer { Files.remove(directory) }
    let words = DiskRun.words(orders, out: directory + "/run", 0)
    let agents = try (0..<2).map { _ in try ChildProcess(command: words) }
    defer { for agent in agents { agent.kill() } }
    let exits = agents.map { $0.exit(within: Patience.duration) }
    row.count += 1
    guard exits.count(where: { $0 == .status(0) }) == 1 else {
      let endings = exits.map { $0?.description ?? "hangs" }.joined(separator: " and ")
      return row.fail("of two in one directory the one \(endings)")
    }
    let refused = agents[exits[0] == .status(0) ? 1 : 0]
    if refused.lastErrorLines().isEmpty { row.fail("the second was refused without a word") }
  }
}

/// A run that writes often, and every other time keeps what happened in a file beside its checkpoint.
enum DiskRun {
  private static let epochs = 20

  static func words(_ orders: Orders, out: String, _ number: Int) -> [String] {
    let isRemembering = number % 2 == 1
    let server = orders.program(isRemembering ? "swingup-server" : "cartpole-server")
    return [
      orders.program("pgagent"), "--env-cmd", server, "--out", out, "--epochs", "\(epochs)", "--steps-per-epoch", "200",
      "--hidden", isRemembering ? "8" : "32", "--num-envs", "2", "--eval-interval", "3", "--eval-episodes", "1",
    ] + (isRemembering ? SeedRun.rememberingWords : [])
  }

  /// Waits until a run has begun, at most for some seconds.
  static func waitForStart(of path: String) {
    let deadline = SystemCalls.now() + 5
    while !Files.exists(path + "/config.json"), SystemCalls.now() < deadline { SystemCalls.sleep(seconds: 0.002) }
  }

  /// Without any harm all goes well; otherwise nothing that follows would show anything.
  static func requireHealthy(_ orders: Orders) throws {
    for number in 0..<2 {
      let directory = try orders.scratch("healthy")
      defer { Files.remove(directory) }
      let agent = try ChildProcess(command: words(orders, out: directory + "/run", number))
      defer { agent.kill() }
      guard agent.exit(within: Patience.duration) == .status(0) else {
        throw CampaignError("a run on a good disk fails: \(agent.lastErrorLines().joined(separator: " / "))")
      }
    }
  }

  /// A run that cannot write has to end with a sentence and a status.
  static func judge(_ agent: ChildProcess, _ when: String, _ row: inout Ledger.Row) {
    let exit = agent.exit(within: Patience.duration)
    let words = agent.lastErrorLines(20).joined(separator: " / ")
    switch exit {
    case .status(0)?: break
    case .status? where words.contains(" "): break
    case .status?: row.fail("ended without a sentence, \(when)")
    case .signal?: row.fail("\(exit?.description ?? ""), \(when): \(words)")
    case nil: row.fail("hangs, \(when)")
    }
  }

  /// Every file that is there has to be one that can be used, and the run goes on if it has come far enough, with all that
  /// its checkpoint names.
  static func requireWhole(_ path: String, _ orders: Orders, _ when: String, _ row: inout Ledger.Row) throws {
    let files = FileManager.default
    for name in ["policy.json", "best-policy.json", "checkpoint.json", "config.json"] {
      guard let data = files.contents(atPath: "\(path)/\(name)") else { continue }
      if (try? JSONSerialization.jsonObject(with: data)) == nil { row.fail("\(name) is broken, \(when)") }
    }
    guard Files.exists(path + "/checkpoint.json") else { return }
    let agent = try ChildProcess(command: [orders.program("pgagent"), "--resume", path])
    defer { agent.kill() }
    if agent.exit(within: Patience.duration) != .status(0) {
      row.fail("cannot be resumed, \(when): \(agent.lastErrorLines().joined(separator: " / "))")
    }
  }
}
