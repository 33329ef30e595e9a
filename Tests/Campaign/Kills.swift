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
    case stopChildAndKillAgent = "child stopped, then agent killed"
    case stopParentOfHolder = "child stopped whose own child holds the pipe"
    case killRememberingAgent = "agent with a replay killed"
    case terminateRememberingAgent = "agent with a replay asked to end"

    /// Whether the agent does not get to say anything.
    var isSudden: Bool {
      switch self {
      case .killAgent, .stopAndKillAgent, .stopChildAndKillAgent, .killRememberingAgent: true
      default: false
      }
    }

    /// Whether something is done to the agent's child.
    var needsChild: Bool {
      switch self {
      case .killChild, .killParentOfHolder, .stopChild, .stopParentOfHolder, .stopChildAndKillAgent: true
      default: false
      }
    }

    /// Whether the run keeps what happened in a file beside its checkpoint.
    var isRemembering: Bool { self == .killRememberingAgent || self == .terminateRememberingAgent }
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
    private static let epochs = 12
    private static let startLimit = 3.0
    private static let stepLimit = 1.0
    /// The time in which everything has to be over, beyond the limit that it was given.
    private static let grace = 60.0

    let violence: Violence
    let orders: Orders
    let directory: String
    let mark: String

    init(_ violence: Violence, _ name: String, _ orders: Orders) throws {
      (self.violence, self.orders) = (violence, orders)
      directory = try orders.scratch("kill-\(name)")
      mark = "GYMWIRE_CAMPAIGN=\(directory)"
    }

    private var server: String { orders.program(violence.isRemembering ? "swingup-server" : "cartpole-server") }

    private var environment: String {
      switch violence {
      case .killParentOfHolder, .stopParentOfHolder: return "sh -c 'sleep 600 & exec \(server)'"
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
      defer { for path in [directory, directory + "-again"] { Files.remove(path) } }
      let out = directory + "/run"
      let agent = try start(
        [
          "--env-cmd", environment, "--out", out, "--epochs", "\(Self.epochs)", "--steps-per-epoch", "400", "--hidden",
          "8", "--start-timeout", "\(Self.startLimit)", "--step-timeout", "\(Self.stepLimit)", "--num-envs", "4",
        ] + (violence.isRemembering ? SeedRun.rememberingWords : []))
      defer { agent.kill() }
      // Half of them happen while it starts, and half while it learns, however long the start takes.
      if generator.next() % 2 == 0, violence != .hang {
        let deadline = SystemCalls.now() + Self.startLimit
        while !Files.exists(out + "/checkpoint.json"), SystemCalls.now() < deadline {
          SystemCalls.sleep(seconds: 0.002)
        }
      }
      let moment = generator.uniform() * 0.5
      if violence != .hang { SystemCalls.sleep(seconds: moment) }
      row.see(memoryOf: agent.processIdentifier)
      let victims = children(of: agent)
      switch violence {
      case .killAgent, .killRememberingAgent: SystemCalls.send(SystemCalls.killNow, to: agent.processIdentifier)
      case .stopAndKillAgent:
        SystemCalls.send(SystemCalls.stop, to: agent.processIdentifier)
        SystemCalls.sleep(seconds: 0.05)
        SystemCalls.send(SystemCalls.killNow, to: agent.processIdentifier)
      case .killChild, .killParentOfHolder: for child in victims { SystemCalls.send(SystemCalls.killNow, to: child) }
      case .stopChild, .stopParentOfHolder: for child in victims { SystemCalls.send(SystemCalls.stop, to: child) }
      case .stopChildAndKillAgent:
        for child in victims { SystemCalls.send(SystemCalls.stop, to: child) }
        SystemCalls.sleep(seconds: 0.05)
        SystemCalls.send(SystemCalls.killNow, to: agent.processIdentifier)
      case .terminateAgent, .terminateRememberingAgent:
        let signal = generator.next() % 2 == 0 ? SystemCalls.terminate : SystemCalls.interrupt
        SystemCalls.send(signal, to: agent.processIdentifier)
      case .hang: break
      }
      try follow(agent, at: moment, &row)
      requireNobodyLeft(at: moment, &row)
      if violence != .hang { try goOn(out, at: moment, &row) }
    }

    /// The agent's children, for which those wait who have something to do to them: without a victim a run just goes on.
    private func children(of agent: ChildProcess) -> [Int32] {
      guard violence.needsChild else { return [] }
      let deadline = SystemCalls.now() + Patience.seconds
      var children: [Int32] = []
      while children.isEmpty, agent.exit() == nil, SystemCalls.now() < deadline {
        SystemCalls.sleep(seconds: 0.002)
        children = ProcessTable.programs(startedBy: agent.processIdentifier)
      }
      return children
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
          if SystemCalls.now() - since > 20 {
            row.fail("a zombie stays for 20 s (after \(moment) s)")
            zombies[child] = .infinity
          }
        }
      }
      let hasNothing = !Files.exists(directory + "/run/checkpoint.json")
      let words = agent.lastErrorLines(20).joined(separator: " / ")
      switch exit {
      case nil: row.fail("goes on \(Int(Self.startLimit + Self.stepLimit + Self.grace)) s later (after \(moment) s)")
      case .signal(SystemCalls.killNow)? where violence.isSudden: break
      // It may have been at its end, or have caught the signal before it could.
      case .status(0)?: break
      case .signal(SystemCalls.terminate)?, .signal(SystemCalls.interrupt)?:
        if violence != .terminateAgent, violence != .terminateRememberingAgent { fallthrough }
      case .signal?: row.fail("\(exit?.description ?? "") (after \(moment) s): \(words)")
      case .status(2)?: row.fail("was never begun: \(words)")
      // Who is asked to end before there is anything to go on from has nothing to tell.
      case .status(130)? where hasNothing, .status(143)? where hasNothing: break
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
      guard Files.exists(out + "/checkpoint.json") else { return }
      let again = directory + "-again"
      try FileManager.default.copyItem(atPath: out, toPath: again)
      var ends: [[String: Data]] = []
      for path in [out, again] {
        let agent = try start(["--resume", path, "--env-cmd", server])
        defer { agent.kill() }
        guard agent.exit(within: Patience.duration) == .status(0) else {
          let words = agent.lastErrorLines().joined(separator: " / ")
          return row.fail("cannot be resumed (killed after \(moment) s): \(words)")
        }
        ends.append(try Self.learned(in: path))
      }
      for (name, bytes) in ends[0] where ends[1][name] != bytes {
        row.fail("was resumed twice with two ends, \(name) (killed after \(moment) s)")
      }
      let lines = (try? String(contentsOfFile: out + "/metrics.jsonl", encoding: .utf8)) ?? ""
      let count = lines.split(separator: "\n").count
      if count != Self.epochs { row.fail("has \(count) epochs of \(Self.epochs) after it was resumed") }
    }

    /// What a run has learned, by file; a part by the name without its number, which depends on how often it was saved.
    private static func learned(in path: String) throws -> [String: Data] {
      var files: [String: Data] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: path) {
        let data = { FileManager.default.contents(atPath: "\(path)/\(name)") }
        if name == "policy.json" { files[name] = data() }
        if name.hasSuffix(".part") { files[String(name.prefix { $0 != "-" })] = data() }
      }
      return files
    }
  }
}
