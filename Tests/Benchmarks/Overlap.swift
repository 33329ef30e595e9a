import CommandLineOptions
import GymwireIO

/// What it saves to update while the environment computes the next step, as `--overlap on` does.
enum Overlap {
  static let command = Command.benchmark(
    "overlap", summary: "Off-policy training with updates while the environment computes, and with updates after it.",
    run)

  private struct Task {
    let title: String
    let environment: String
    let hidden: String
    /// Enough of them that the start of the programs does not count.
    let steps: Int
  }

  private static let tasks = [
    Task(
      title: "1 ms a step, 64-64", environment: "\(ownPath()) slow-server 1000", hidden: "64,64", steps: 2_000),
    Task(
      title: "1 ms a step, 256-256", environment: "\(ownPath()) slow-server 1000", hidden: "256,256", steps: 500),
    Task(
      title: "Pendulum-v1, 64-64", environment: "\(builtProgram("classic-control-server")) --id Pendulum-v1",
      hidden: "64,64", steps: 4_000),
  ]

  static func run(_ report: Report) throws {
    var table = Table(
      name: "overlap", title: "Environment steps per second of sac, an update after each step",
      columns: ["environment, networks", "--overlap off", "--overlap on", "times as fast"])
    table.notes = ["Time on the clock from start to exit, alternating; medians of rounds, quartiles in parentheses."]
    for task in tasks {
      let contest = try Contest(
        rounds: report.rounds,
        ["off", "on"].map { overlap in
          Contest.Contestant(name: overlap) { try rate(of: task.steps) { try train(task, overlap) } }
        })
      table.rows.append([
        .text(task.title), .spread(contest.rate(0)), .spread(contest.rate(1)), .spread(contest.ratio(1, to: 0)),
      ])
    }
    try report.add(table)
  }

  private static func train(_ task: Task, _ overlap: String) throws {
    let directory = ".build/benchmarks/overlap"
    let command = [
      "sh", "-c", "rm -rf '\(directory)'; exec \"$0\" \"$@\" 2> /dev/null", builtProgram("pgagent"), "--env-cmd",
      task.environment, "--num-envs", "1", "--algo", "sac", "--hidden", task.hidden, "--learning-starts", "100",
      "--steps-per-epoch", "\(task.steps)", "--epochs", "1", "--overlap", overlap, "--out", directory,
    ]
    _ = try Samples.run([], command: command)
  }
}
