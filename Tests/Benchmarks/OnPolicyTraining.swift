import GymwireIO

/// (c) What a run of PPO costs, against Stable-Baselines3, and against RLtools where that has been built.
enum OnPolicyTraining {
  static func run(_ report: Report, rounds: Int, rltools: String?) throws {
    var table = Table(
      name: "training-on-policy", title: "PPO, seconds of processor time a run",
      columns: ["task", "pgagent", "other", "seconds of the other", "times as cheap"])
    table.notes = [
      "User and system time on one processor, one seed a round, alternating; medians. Ours has everything from start to exit, "
        + "the environment's process included; the others have their environment in process. "
        + "Both sides have the same network: of tanh on LunarLander-v3, of relu on Pendulum-v1."
    ]
    if PythonEnvironment.install(["torch", "stable_baselines3"]),
      PythonEnvironment.install(["Box2D"], from: ["gymnasium[box2d]"]),
      PythonEnvironment.install(["gymwire"], from: ["./protocol/python"])
    {
      table.rows.append(
        try row(
          "lunar-lander", "LunarLander-v3 through Gymnasium, 114,688 steps", "sb3", "Stable-Baselines3", "-",
          interpreter: PythonEnvironment.interpreter, rounds: rounds))
    }
    if let rltools {
      table.rows.append(
        try row(
          "pendulum", "Pendulum-v1, 307,200 steps", "rltools", "RLtools", "\(rltools)/ppo-64,64-256",
          interpreter: "python3", rounds: rounds))
    }
    try report.add(table)
  }

  private static func row(
    _ task: String, _ title: String, _ other: String, _ name: String, _ place: String, interpreter: String, rounds: Int
  ) throws -> [Table.Cell] {
    func seconds(_ words: [String], _ seed: Int) throws -> Double {
      let samples = try Samples.run(
        ["Tests/Benchmarks/on_policy_costs.py", task] + words + ["\(seed)"], command: [interpreter])
      guard let seconds = samples.first?.first else { throw BenchmarkError("\(task) of \(words[0]) gave no figures") }
      return seconds
    }
    var (ours, theirs): ([Double], [Double]) = ([], [])
    for seed in 0..<rounds {
      ours.append(try seconds(["ours", builtProgram("")], seed))
      theirs.append(try seconds([other, place], seed))
    }
    return [
      .text(title), .spread(Spread(ours)), .text(name), .spread(Spread(theirs)), .spread(.ratios(theirs, to: ours)),
    ]
  }
}
