import CommandLineOptions
import GymwireIO

/// (c) Whole experiments, from process start to the trained policy, against the same written plainly on PyTorch and
/// Gymnasium.
enum Training {
  static let command = Command(
    "training", summary: "The experiments of Results, off-policy training and PPO, against other programs.",
    groups: [Report.group, OptionGroup("Length", mostRounds), OptionGroup("Peers", OffPolicyTraining.rltools)]
  ) { arguments in
    let report = try Report(arguments)
    let rounds = min(report.rounds, arguments[mostRounds])
    try OffPolicyTraining.run(report, rounds: rounds, rltools: arguments[OffPolicyTraining.rltools])
    try OnPolicyTraining.run(report, rounds: rounds, rltools: arguments[OffPolicyTraining.rltools])
    try run(report, mostRounds: arguments[mostRounds])
    return 0
  }

  static let mostRounds = Option(
    "most-rounds", .integer(in: 1...100), default: 3,
    help: "At most so many rounds; the peers take some five minutes in each.")

  private static let experiments = [
    ("article", "REINFORCE, linear policy, 32 x CartPole-v0"), ("simple", "simple policy gradient, CartPole-v0"),
    ("vpg", "Spinning Up's VPG defaults, CartPole-v1"),
  ]

  static func run(_ report: Report, mostRounds: Int) throws {
    guard PythonEnvironment.install(["torch", "numpy", "gymnasium"]) else { return }
    var table = Table(
      name: "training", title: "Training, seconds",
      columns: ["experiment", "pgagent", "PyTorch + Gymnasium", "times as fast", "largest process of ours, MB"])
    table.notes = [
      "pgagent is timed from process start to exit, the peers without their imports. One seed a round; medians."
    ]
    for (name, title) in experiments {
      var ours: [Double] = []
      var theirs: [Double] = []
      var peaks: [Double] = []
      for seed in 0..<min(report.rounds, mostRounds) {
        let samples = try Samples.run(
          ["Tests/Benchmarks/reproduce.py", name, "--seeds", "\(seed)", "--costs", "--programs", builtProgram("")],
          command: ["python3"])
        let peer = try Samples.run(
          ["Tests/Benchmarks/training_peers.py", name, "\(seed)"], command: [PythonEnvironment.interpreter])
        guard let costs = samples.first, costs.count == 2, let seconds = peer.first?.first else {
          throw BenchmarkError("the experiment \(name) gave no figures")
        }
        ours.append(costs[0])
        peaks.append(costs[1])
        theirs.append(seconds)
      }
      table.rows.append([
        .text(title), .spread(Spread(ours)), .spread(Spread(theirs)), .spread(.ratios(theirs, to: ours)),
        .spread(Spread(peaks)),
      ])
    }
    try report.add(table)
  }
}
