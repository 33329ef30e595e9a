import CommandLineOptions
import Environments
import Foundation
import GymwireIO

/// Children and agents that are killed, stopped or hang at random moments: nothing waits for ever, nothing stays behind,
/// and what was saved goes on.
enum Kills {
  static let fullCount = 1_000
  static let command = Command(
    "kills", summary: "Kills and stops of child or agent at random moments, 1,000 of them.", groups: [Orders.group]
  ) { arguments in try Campaign.attack(arguments, "kills", run) }

  /// What is done to whom.
  private enum Violence: String, CaseIterable {
    case killAgent = "agent killed"
    case killChild = "child killed"
    case stopChild = "child stopped"
    case terminateAgent = "agent asked to end"
    case killParentOfHolder = "child killed whose own child holds the pipe"
    case hang = "child hangs"
    case stopAndKillAgent = "agent stopped, then killed"
  }

  static func run(_ orders: Orders, _ ledger: Ledger) throws {
    let count = orders.count(of: fullCount)
    let kinds = Violence.allCases
    for (index, violence) in kinds.enumerated() {
      let share = count / kinds.count + (index < count % kinds.count ? 1 : 0)
      guard share > 0 else { continue }
      try ledger.record("kills, \(violence.rawValue)", "times") { row in
        var generator = PCG64(seed: orders.seed, stream: UInt32(index))
        for number in 0..<share where row.failures.count < 20 {
          row.count += 1
          try Trial(violence, "\(index)-\(number)", orders).run(&row, &generator)
        }
      }
    }
  }

  /// One run, and what happens to it.
  private struct Trial {
    private static let startLimit = 3.0
    private static let stepLimit = 1.0
    /// The time in which everything has to be over, beyond the limit that it was given.
    private static let grace = 10.0

    let violence: Violence
    let orders: Orders
    let directory: String
    let mark: String

    init(_ violence: Violence, _ name: String, _ orders: Orders) throws {
      (self.violence, self.orders) = (violence, orders)
      directory = try orders.scratch("kill-\(name)")
      mark = "GYMWIRE_CAMPAIGN=\(directory)"
    }

    private var environment: String {
      let server = orders.program("cartpole-server")
      switch violence {
      case .killParentOfHolder: return "sh -c 'sleep 600 & exec \(server)'"
      case .hang:
        let hello = String(decoding: Dialogue.plain.replies[0], as: UTF8.self)
        return "sh -c 'read -r hello; echo \"$1\"; sleep 600' server '\(hello)'"
      default: return server
      }
    }

    private func start(_ words: [String]) throws -> ChildProcess {
      try ChildProcess(command: ["env", mark, orders.program("pgagent")] + words)
    }

    func run(_ row: inout Ledger.Row, _ generator: inout PCG64) throws {
      defer { Files.remove(directory) }
      let out = directory + "/run"
      let agent = try start([
        "--env-cmd", environment, "--out", out, "--epochs", "12", "--steps-per-epoch", "400", "--hidden", "8",
        "--start-timeout", "\(Self.startLimit)", "--step-timeout", "\(Self.stepLimit)",
        "--num-envs", "4",
      ])
      defer { agent.kill() }
      let moment = generator.uniform() * 0.5
      if violence != .hang { SystemCalls.sleep(seconds: moment) }
      row.see(memoryOf: agent.processIdentifier)
      let victims = ProcessTable.programs(startedBy: agent.processIdentifier)
      switch violence {
      case .killAgent: SystemCalls.send(SystemCalls.killNow, to: agent.processIdentifier)
      case .stopAndKillAgent:
        SystemCalls.send(SystemCalls.stop, to: agent.processIdentifier)
        SystemCalls.sleep(seconds: 0.05)
        SystemCalls.send(SystemCalls.killNow, to: agent.processIdentifier)
      case .killChild, .killParentOfHolder: for child in victims { SystemCalls.send(SystemCalls.killNow, to: child) }
      case .stopChild: for child in victims { SystemCalls.send(SystemCalls.stop, to: child) }
      case .terminateAgent:
        let signal = generator.next() % 2 == 0 ? SystemCalls.terminate : SystemCalls.interrupt
        SystemCalls.send(signal, to: agent.processIdentifier)
      case .hang: break
      }
      try follow(agent, at: moment, &row)
      requireNobodyLeft(at: moment, &row)
      if violence != .hang { try goOn(out, at: moment, &row) }
    }

    /// The agent has to end in time, with a sentence where it was not killed itself, and reap what it starts.
    private func follow(_ agent: ChildProcess, at moment: Double, _ row: inout Ledger.Row) throws {
      let deadline = SystemCalls.now() + Self.startLimit + Self.stepLimit + Self.grace
      var zombies: [Int32: Double] = [:]
      var exit = agent.exit()
      while exit == nil, SystemCalls.now() < deadline {
        exit = agent.exit(within: .milliseconds(50))
        for child in ProcessTable.children(of: agent.processIdentifier) where ProcessTable.isZombie(child) {
          let since = zombies[child] ?? SystemCalls.now()
          zombies[child] = since
          if SystemCalls.now() - since > 3 {
            row.fail("a zombie stays for 3 s (after \(moment) s)")
            zombies[child] = .infinity
          }
        }
      }
      let words = agent.lastErrorLines(20).joined(separator: " / ")
      switch exit {
      case nil: row.fail("goes on \(Int(Self.startLimit + Self.stepLimit + Self.grace)) s later (after \(moment) s)")
      case .signal(SystemCalls.killNow)? where violence == .killAgent || violence == .stopAndKillAgent: break
      // It may have been at its end, or have caught the signal before it could.
      case .status(0)?: break
      case .signal(let signal)? where violence == .terminateAgent && signal != SystemCalls.killNow: break
      case .signal?: row.fail("\(exit?.description ?? "") (after \(moment) s): \(words)")
      case .status(2)?: row.fail("was never begun: \(words)")
      case .status? where words.isEmpty: row.fail("ended without a word (after \(moment) s)")
      case .status?: break
      }
    }

    private func requireNobodyLeft(at moment: Double, _ row: inout Ledger.Row) {
      let deadline = SystemCalls.now() + Self.grace
      var left = ProcessTable.marked(mark)
      while !left.isEmpty, SystemCalls.now() < deadline {
        SystemCalls.sleep(seconds: 0.02)
        left = ProcessTable.marked(mark)
      }
      guard !left.isEmpty else { return }
      row.fail("\(left.count) processes are left (after \(moment) s)")
      for process in left { SystemCalls.send(SystemCalls.killNow, to: process) }
    }

    /// Whatever was saved goes on, twice from the same files with the same end.
    private func goOn(_ out: String, at moment: Double, _ row: inout Ledger.Row) throws {
      let files = FileManager.default
      guard Files.exists(out + "/checkpoint.json") else { return }
      try files.copyItem(atPath: out, toPath: out + "-again")
      let ends = try [out, out + "-again"].map { path in
        let agent = try start(["--resume", path, "--env-cmd", orders.program("cartpole-server")])
        defer { agent.kill() }
        guard agent.exit(within: .seconds(60)) == .status(0) else {
          let words = agent.lastErrorLines().joined(separator: " / ")
          row.fail("cannot be resumed (killed after \(moment) s): \(words)")
          return Data?.none
        }
        return files.contents(atPath: path + "/policy.json")
      }
      if ends[0] != ends[1] { row.fail("was resumed twice with two ends (killed after \(moment) s)") }
      let lines = (try? String(contentsOfFile: out + "/metrics.jsonl", encoding: .utf8)) ?? ""
      let count = lines.split(separator: "\n").count
      if ends[0] != nil, count != 12 { row.fail("has \(count) epochs of 12 after it was resumed") }
    }
  }
}
