import ClassicControl
import CommandLineOptions
import Environments
import GymwireIO

/// What waiting for a slow environment costs, awake as with `--idle-cpu high` and asleep as with `low`.
enum Waiting {
  static let command = Command.benchmark(
    "waiting", summary: "Processor time of the driver of an environment that takes 50 to 1000 µs for a step.", run)

  private static let microseconds = [50, 100, 200, 1000]
  /// How long each round lasts in seconds, if nothing else took any time.
  private static let length = 0.5

  static func run(_ report: Report) throws {
    var table = Table(
      name: "waiting", title: "Waiting for a slow environment",
      columns: ["µs of a step", "--idle-cpu", "share of a processor", "steps per second"])
    table.notes = ["Of the driver's thread alone. Medians of rounds, quartiles in parentheses."]
    for duration in microseconds {
      var samples: [[(share: Double, rate: Double)]] = [[], []]
      for _ in 0..<report.rounds {
        for (index, spinning) in [Spinning.automatic, .never].enumerated() {
          samples[index].append(try measure(duration, spinning))
        }
      }
      for (name, samples) in zip(["high", "low"], samples) {
        table.rows.append([
          .text("\(duration)"), .text(name), .spread(Spread(samples.map(\.share))),
          .spread(Spread(samples.map(\.rate))),
        ])
      }
    }
    try report.add(table)
  }

  private static func measure(_ duration: Int, _ spinning: Spinning) throws -> (share: Double, rate: Double) {
    var options = RemoteVectorEnvironment.Options(command: [ownPath(), "slow-server", "\(duration)"])
    options.connection.spinning = spinning
    let environment = try RemoteVectorEnvironment(options)
    defer { environment.close() }
    let pilot = try Pilot(environment, rule: Pilot.cartPole)
    let count = Int(length * 1e6) / duration
    try pilot.step(count / 10)
    let (processor, wall) = (processorTime(), monotonicSeconds())
    try pilot.step(count)
    let (spent, elapsed) = (processorTime() - processor, monotonicSeconds() - wall)
    return (spent / elapsed, Double(count) / elapsed)
  }

  /// CartPole that computes for so long in every step.
  private struct Slow: Environment {
    private var base = CartPole(.v1).limited()
    private let seconds: Double

    init(microseconds: Int) { seconds = Double(microseconds) * 1e-6 }

    var spec: EnvironmentSpec { base.spec }
    var observationSpace: Space { base.observationSpace }
    var actionSpace: Space { base.actionSpace }

    mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> CartPoleObservation {
      try base.reset(seed: seed, options: options)
    }

    mutating func step(_ action: Int) throws -> Transition<CartPoleObservation> {
      let end = processorTime() + seconds
      while processorTime() < end {}
      return try base.step(action)
    }
  }

  static let duration = Option(
    argument: "microseconds", .integer(in: 1...1_000_000), help: "How long each step computes.")

  static let serverCommand = Command(
    "slow-server", summary: "Internal: serves CartPole whose every step takes a while.",
    groups: [OptionGroup("Step", duration)]
  ) { arguments in
    let duration = arguments[duration]
    EnvironmentServer(name: "slow") { Slow(microseconds: duration) }.run()
  }
}
