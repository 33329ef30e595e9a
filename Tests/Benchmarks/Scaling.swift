import CommandLineOptions
import Environments
import GymwireIO

/// (f) What a step costs as observations, batches and networks grow.
enum Scaling {
  static let command = Command.benchmark(
    "scaling", summary: "The cost of a step as observations, batches and networks grow.", run)

  static func run(_ report: Report) throws {
    try runObservations(report)
    try runEnvironments(report)
    try runWidths(report)
  }

  private static func runObservations(_ report: Report) throws {
    var table = Table(
      name: "scaling-observations", title: "One environment, microseconds per step by numbers in an observation",
      columns: ["numbers", "text", "b64", "text, ns per number", "b64, ns per number"])
    for size in [4, 100, 1000, 10_000, 100_000] {
      table.rows.append(try row(report, size, .init(command: [ownPath(), "vector-server", "\(size)"])))
    }
    try report.add(table)
  }

  private static func runEnvironments(_ report: Report) throws {
    var table = Table(
      name: "scaling-environments", title: "CartPole, microseconds per batched step by number of environments",
      columns: ["N", "text", "b64", "text, ns per environment", "b64, ns per environment"])
    for count in [1, 4, 16, 64, 256, 1024, 4096] {
      var options = RemoteVectorEnvironment.Options(command: [builtProgram("cartpole-server")])
      options.wantedEnvironments = count
      table.rows.append(try row(report, count, options))
    }
    try report.add(table)
  }

  /// Microseconds per step in text and base64, and each by `size`.
  private static func row(
    _ report: Report, _ size: Int, _ options: RemoteVectorEnvironment.Options
  ) throws -> [Table.Cell] {
    let contestants = try [false, true].map { usesBase64 in
      var options = options
      options.wantsBase64 = usesBase64
      return Contest.Contestant(name: usesBase64 ? "b64" : "text", measure: try microseconds(options))
    }
    let contest = try Contest(rounds: report.rounds, contestants)
    let spreads = [contest.rate(0), contest.rate(1)]
    return [.text("\(size)")] + spreads.map { .spread($0) }
      + spreads.map { .number($0.median * 1000 / Double(size)) }
  }

  /// A measurement of microseconds per step with actions that stay the same.
  private static func microseconds(_ options: RemoteVectorEnvironment.Options) throws -> () throws -> Double {
    let environment = try RemoteVectorEnvironment(options)
    let actions = ValueBatch(environment.actionSpace, count: environment.count)
    try environment.reset(seed: 0, options: [:])
    let sample = try rate(of: 20) { for _ in 0..<20 { try environment.step(actions) } }
    let steps = max(4, Int(sample * 0.05))
    return { 1e6 / (try rate(of: steps) { for _ in 0..<steps { try environment.step(actions) } }) }
  }

  private static func runWidths(_ report: Report) throws {
    var table = Table(
      name: "scaling-widths", title: "Training with the defaults, microseconds per environment step by network",
      columns: ["hidden layers", "µs per step"])
    table.notes = ["The difference between runs of 12 and of 2 epochs, by the steps between them."]
    let steps = 3840
    for width in [16, 32, 64, 128, 256, 512] {
      var samples: [Double] = []
      for round in 0..<min(report.rounds, 5) {
        let times = try [2, 12].map { epochs in
          try ContinuousClock().measure { try train(width: width, epochs: epochs, steps: steps, round: round) }
        }
        samples.append((times[1] - times[0]) / .microseconds(1) / Double(10 * steps))
      }
      table.rows.append([.text("\(width),\(width)"), .spread(Spread(samples))])
    }
    try report.add(table)
  }

  private static func train(width: Int, epochs: Int, steps: Int, round: Int) throws {
    let name = ".build/benchmarks/width-\(width)-\(epochs)-\(round)-\(Int(monotonicSeconds() * 1000))"
    let agent = try ChildProcess(command: [
      builtProgram("pgagent"), "--env-cmd", builtProgram("cartpole-server"), "--algo", "vpg",
      "--hidden", "\(width),\(width)", "--epochs", "\(epochs)", "--steps-per-epoch", "\(steps)", "--out", name,
    ])
    guard case .status(0) = agent.exit(within: .seconds(600)) else {
      throw BenchmarkError("pgagent failed: \(agent.lastErrorLines().joined(separator: " | "))")
    }
  }

  /// A world of long observations that costs little to compute.
  struct Vectors: Environment {
    private var numbers: [Float]

    init(size: Int) { numbers = (0..<size).map { Float($0 % 1000) / 997 } }

    var spec: EnvironmentSpec { EnvironmentSpec(id: "Vectors") }
    var observationSpace: Space { .box(Box(shape: [numbers.count], low: .same(-.infinity), high: .same(.infinity))) }
    var actionSpace: Space { .discrete(Discrete(2)) }

    mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> [Float] { numbers }

    mutating func step(_ action: Int) throws -> Transition<[Float]> {
      numbers[0] += 0.5
      return Transition(numbers, reward: 1)
    }
  }

  static let size = Option(argument: "size", .integer(in: 1...10_000_000), help: "Numbers in an observation.")

  static let serverCommand = Command(
    "vector-server", summary: "Internal: serves an environment that observes so many numbers.",
    groups: [OptionGroup("Size", size)]
  ) { arguments in
    let size = arguments[size]
    EnvironmentServer(name: "vectors") { Vectors(size: size) }.run()
  }
}
