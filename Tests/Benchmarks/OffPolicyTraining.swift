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
      Where programs sac-64,64-100, td3-64,64-100, sac-256,256-256 and td3-256,256-256 are, built by hand from RLtools' \
      Pendulum examples with those hidden layers, that batch, the steps of the row's title and 100 of them at random, and \
      ppo-64,64-256 from its example of PPO. They take a seed.
      """)

  private struct Task {
    let algorithm: String
    let hidden: String
    let batch: Int
    /// Enough for a steady figure of ours, and few enough for a peer that is slow.
    let steps: Int
    let stepsOfPeer: Int
    var isOneOfRLtools = true
    var name: String { "\(algorithm)-\(hidden)-\(batch)" }
    var title: String { "\(algorithm), \(hidden), batch \(batch), \(steps) steps" }
  }

  private static let tasks = [
    Task(algorithm: "sac", hidden: "64,64", batch: 100, steps: 10_000, stepsOfPeer: 1_000),
    Task(algorithm: "td3", hidden: "64,64", batch: 100, steps: 10_000, stepsOfPeer: 1_000),
    Task(algorithm: "sac", hidden: "256,256", batch: 256, steps: 2_000, stepsOfPeer: 500),
    Task(algorithm: "td3", hidden: "256,256", batch: 256, steps: 2_000, stepsOfPeer: 500),
    Task(algorithm: "td3", hidden: "400,300", batch: 256, steps: 1_000, stepsOfPeer: 500, isOneOfRLtools: false),
  ]

  /// What the runs of one program took, one for each round.
  private struct Runs {
    /// Microseconds of processor time an update, megabytes, and microseconds on the clock an update.
    var (costs, memory, times): ([Double], [Double], [Double]) = ([], [], [])
  }

  static func run(_ report: Report, rounds: Int, rltools: String?) throws {
    guard PythonEnvironment.install(["torch", "gymnasium", "stable_baselines3"]) else { return }
    var table = Table(
      name: "training-off-policy", title: "Off-policy training of Pendulum-v1, µs of processor time a gradient update",
      columns: [
        "task", "pgagent", "Stable-Baselines3", "times as cheap", "RLtools", "times as cheap",
        "on the clock with all processors, times as fast as RLtools on one", "pgagent, MB", "Stable-Baselines3, MB",
      ])
    table.notes = [
      "User and system time on one processor, one seed a round, alternating; medians. Ours has everything from start to exit, "
        + "the environment's process included; the peers have their environment in process, Stable-Baselines3 without its "
        + "imports."
    ]
    for task in tasks { table.rows.append(try row(task, rounds: rounds, rltools)) }
    try report.add(table)
  }

  private static func row(_ task: Task, rounds: Int, _ rltools: String?) throws -> [Table.Cell] {
    var (ours, spread, sb3, tools) = (Runs(), Runs(), Runs(), Runs())
    let program = task.isOneOfRLtools ? rltools.map { "\($0)/\(task.name)" } : nil
    for seed in 0..<rounds {
      try measure(task, "ours", builtProgram(""), seed, into: &ours)
      try measure(task, "sb3", "-", seed, into: &sb3)
      guard let program else { continue }
      try measure(task, "rltools", program, seed, into: &tools)
      try measure(task, "ours-spread", builtProgram(""), seed, into: &spread)
    }
    func cell(_ spread: @autoclosure () -> Spread) -> Table.Cell { program == nil ? .text("-") : .spread(spread()) }
    return [
      .text(task.title), .spread(Spread(ours.costs)), .spread(Spread(sb3.costs)),
      .spread(.ratios(sb3.costs, to: ours.costs)), cell(Spread(tools.costs)),
      cell(.ratios(tools.costs, to: ours.costs)),
      cell(.ratios(tools.times, to: spread.times)), .spread(Spread(ours.memory)), .spread(Spread(sb3.memory)),
    ]
  }

  private static func measure(_ task: Task, _ program: String, _ place: String, _ seed: Int, into runs: inout Runs)
    throws
  {
    let steps = program == "sb3" ? task.stepsOfPeer : task.steps
    let interpreter = program == "sb3" ? PythonEnvironment.interpreter : "python3"
    let words = [program, place, task.algorithm, task.hidden, "\(task.batch)", "\(steps)", "\(seed)"]
    let samples = try Samples.run(["Tests/Benchmarks/off_policy_costs.py"] + words, command: [interpreter])
    guard let sample = samples.first, sample.count == 3 else {
      throw BenchmarkError("\(task.name) of \(program) gave no figures")
    }
    runs.costs.append(sample[0])
    runs.memory.append(sample[1])
    runs.times.append(sample[2])
  }
}
