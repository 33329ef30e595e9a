#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import ClassicControl
import CommandLineOptions
import Environments
import GymwireIO

/// (e) The time from the start of pgagent to the first step in its server, and the peak of its memory.
enum StartUp {
  static let command = Command.benchmark(
    "start-up", summary: "Milliseconds from the start of pgagent to the first step in its server.", run)

  static func run(_ report: Report) throws {
    let clock = ".build/benchmarks/first-step"
    try Directories.create(".build/benchmarks")
    var whole: [Double] = []
    for _ in 0..<report.rounds {
      try? FileManager.default.removeItem(atPath: clock)
      let start = monotonicSeconds()
      let agent = try ChildProcess(command: [
        builtProgram("pgagent"), "--env-cmd", "\(ownPath()) clocked-server \(clock)", "--epochs", "1", "--num-envs",
        "1",
        "--steps-per-epoch", "100", "--out", ".build/benchmarks/run-\(whole.count)-\(Int(start * 1000))",
      ])
      _ = agent.exit(within: .seconds(60))
      agent.terminate()
      guard let text = try? String(contentsOfFile: clock, encoding: .utf8), let end = Double(text) else {
        throw BenchmarkError("pgagent made no step: \(agent.lastErrorLines().joined(separator: " | "))")
      }
      whole.append((end - start) * 1000)
    }
    var table = Table(
      name: "start-up", title: "Process start to first step, child included", columns: ["pgagent, ms"])
    table.rows.append([.spread(Spread(whole))])
    try report.add(table)
  }

  /// CartPole that notes when it is stepped for the first time.
  struct Clocked: Environment {
    private var base = CartPole(.v1).limited()
    private var path: String?

    init(path: String) { self.path = path }

    var spec: EnvironmentSpec { base.spec }
    var observationSpace: Space { base.observationSpace }
    var actionSpace: Space { base.actionSpace }

    mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> CartPoleObservation {
      try base.reset(seed: seed, options: options)
    }

    mutating func step(_ action: Int) throws -> Transition<CartPoleObservation> {
      if let path {
        self.path = nil
        try "\(monotonicSeconds())".write(toFile: path, atomically: false, encoding: .utf8)
      }
      return try base.step(action)
    }
  }

  static let path = Option(argument: "path", .path(), help: "Where to note the time.")

  static let serverCommand = Command(
    "clocked-server", summary: "Internal: serves CartPole, and notes the time of its first step.",
    groups: [OptionGroup("File", path)]
  ) { arguments in
    let path = arguments[path]
    EnvironmentServer(name: "clocked") { Clocked(path: path) }.run()
  }
}
