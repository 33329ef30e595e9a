import CommandLineOptions
import GymwireIO

/// (c) What a gradient update costs where many are made for each step of the environment's: off-policy training of
/// Pendulum-v1, against Stable-Baselines3, and against RLtools where that has been built.
///
/// On a loaded machine processor time says more than time on the clock, so that is what counts here, everything on one
/// processor.
enum OffPolicyTraining {
  static let rltools = Option(
    "rltools", .directory(), defaultText: "RLtools is left out",
    help: """
      Where programs sac-64-100, td3-64-100, sac-256-256 and td3-256-256 are, built by hand from RLtools' Pendulum examples \
      with that hidden size, that batch, the steps of the row's title and 100 of them at random. They take a seed.
      """)

  private struct Task {
    let algorithm: String
    let hidden: Int
    let batch: Int
    /// Enough for a steady figure of ours, and few enough for a peer that is slow.
    let steps: Int
    let stepsOfPeer: Int
    var name: String { "\(algorithm)-\(hidden)-\(batch)" }
  }

  private static let tasks = [
    Task(algorithm: "sac", hidden: 64, batch: 100, steps: 10_000, stepsOfPeer: 1_000),
    Task(algorithm: "td3", hidden: 64, batch: 100, steps: 10_000, stepsOfPeer: 1_000),
    Task(algorithm: "sac", hidden: 256, batch: 256, steps: 2_000, stepsOfPeer: 500),
    Task(algorithm: "td3", hidden: 256, batch: 256, steps: 2_000, stepsOfPeer: 500),
  ]

  static func run(_ report: Report, rounds: Int, rltools: String?) throws {
    guard PythonEnvironment.install(["torch", "gymnasium", "stable_baselines3"]) else { return }
    var table = Table(
      name: "training-off-policy", title: "Off-policy training of Pendulum-v1, µs of processor time a gradient update",
      columns: [
        "task", "pgagent", "Stable-Baselines3", "times as cheap", "RLtools", "times as cheap", "pgagent, MB",
        "Stable-Baselines3, MB",
      ])
    table.notes = [
      "User and system time on one processor, one seed a round, alternating; medians. Ours has everything from start to exit, "
        + "the environment's process included; the peers have their environment in process, Stable-Baselines3 without its "
        + "imports."
    ]
    for task in tasks {
      var costs: [String: [Double]] = [:]
      var memory: [String: [Double]] = [:]
      for seed in 0..<rounds {
        func measure(_ program: String, _ place: String, _ steps: Int, _ interpreter: String) throws {
          let words = [
            program, place, task.algorithm, "\(task.hidden),\(task.hidden)", "\(task.batch)", "\(steps)", "\(seed)",
          ]
          let samples = try Samples.run(["Tests/Benchmarks/off_policy_costs.py"] + words, command: [interpreter])
          guard let sample = samples.first, sample.count == 2 else {
            throw BenchmarkError("\(task.name) of \(program) gave no figures")
          }
          costs[program, default: []].append(sample[0])
          memory[program, default: []].append(sample[1])
        }
        try measure("ours", builtProgram(""), task.steps, "python3")
        try measure("sb3", "-", task.stepsOfPeer, PythonEnvironment.interpreter)
        if let rltools { try measure("rltools", "\(rltools)/\(task.name)", task.steps, "python3") }
      }
      func spread(_ lists: [String: [Double]], _ program: String) -> Table.Cell {
        lists[program].map { .spread(Spread($0)) } ?? .text("-")
      }
      func ratio(_ program: String) -> Table.Cell {
        guard let theirs = costs[program], let ours = costs["ours"] else { return .text("-") }
        return .spread(.ratios(theirs, to: ours))
      }
      table.rows.append([
        .text("\(task.algorithm), \(task.hidden)-\(task.hidden), batch \(task.batch), \(task.steps) steps"),
        spread(costs, "ours"), spread(costs, "sb3"), ratio("sb3"), spread(costs, "rltools"), ratio("rltools"),
        spread(memory, "ours"), spread(memory, "sb3"),
      ])
    }
    try report.add(table)
  }
}
