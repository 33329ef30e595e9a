import CommandLineOptions

/// (g) A gradient step of an off-policy algorithm, without environment or replay.
enum Updates {
  static let command = Command.benchmark(
    "updates", summary: "The arithmetic of a gradient step of soft actor-critic, on one thread.", run)

  private static let cases = [([64, 64], 100), ([64, 64], 256), ([256, 256], 256), ([400, 300], 256)]

  static func run(_ report: Report) throws {
    var table = Table(
      name: "updates", title: "A gradient step of soft actor-critic, on one thread",
      columns: ["hidden layers", "batch", "microseconds of processor time", "GFLOP/s of its matrix products"])
    for (hidden, rows) in cases {
      let step = try SoftActorCriticStep(hidden: hidden, rows: rows)
      let repetitions = max(5, Int(3e9 / step.operations))
      let contest = try Contest(rounds: report.rounds, [.init(name: "step") { rate(of: step, repetitions) }])
      let rates = contest.rates[0]
      table.rows.append([
        .text(hidden.map(String.init).joined(separator: "-")), .text("\(rows)"),
        .spread(Spread(rates.map { 1e6 / $0 })), .spread(Spread(rates.map { $0 * step.operations / 1e9 })),
      ])
    }
    try report.add(table)
  }

  /// Steps per second of processor time.
  private static func rate(of step: SoftActorCriticStep, _ repetitions: Int) -> Double {
    let start = processorTime()
    for _ in 0..<repetitions { step.run() }
    return Double(repetitions) / (processorTime() - start)
  }
}
