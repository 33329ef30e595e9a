import ClassicControl
import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients

/// Asking `pgagent serve` for the actions of a policy with two layers of 64 units, against a bare ping-pong of the same
/// bytes.
enum Act {
  static let command = Command.benchmark(
    "act", summary: "Questions to a served policy, against a bare pipe ping-pong of the same bytes.", run)

  static func run(_ report: Report) throws {
    var table = Table(
      name: "act", title: "Asking a served 64x64 policy, round trips per second",
      columns: [
        "observations", "form", "processors", "bytes", "bare ping-pong", "Gymwire", "Gymwire / bare",
        "observations per second",
      ])
    table.notes = [
      "Greedy actions with ln π and V. The bare ping-pong blocks in every read. Medians of rounds, quartiles in parentheses."
    ]
    let file = try writePolicy()
    for (count, form) in [(0, "text"), (0, "b64"), (1, "text"), (256, "text"), (256, "b64")] {
      for processors in ["any", "one"] {
        // The number of processors is looked up once in a process, so each kind of run is a process of its own.
        let samples = try Samples.run(["act-rounds", processors, file, "\(count)", form, "\(report.rounds)"])
        table.rows.append([
          .text(count == 0 ? "1, unbatched" : "\(count)"), .text(form), .text(processors),
          .text("\(Int(samples[2][0])) + \(Int(samples[3][0]))"), .spread(Spread(samples[0])),
          .spread(Spread(samples[1])), .spread(.ratios(samples[1], to: samples[0])),
          .spread(Spread(samples[1].map { $0 * Double(max(1, count)) })),
        ])
      }
    }
    try report.add(table)
  }

  /// A policy for CartPole as it is before it has learned anything: what it computes takes as long as ever.
  private static func writePolicy() throws -> String {
    try Directories.create(".build/benchmarks")
    var settings = AlgorithmCatalog.standard.defaults
    settings[NetworkSettings.hiddenSizes] = [64, 64]
    let environment = LocalVectorEnvironment(try EnvironmentCatalog.entry("CartPole-v1").make(1))
    let path = ".build/benchmarks/policy.json"
    let bytes = try PolicyFile.encode(Trainer(settings, environments: [environment]).snapshot())
    try bytes.withUnsafeBytes { try AtomicFile.write($0, to: path) }
    return path
  }

  static let processors = Option(argument: "processors", .choice(["any", "one"]), help: "Which processors to use.")
  static let file = Option(argument: "file", .path(), help: "The policy file.")
  static let count = Option(
    argument: "count", .integer(in: 0...65536), help: "Observations in each question; 0 for one without batching.")
  static let form = Option(argument: "form", .choice(["text", "b64"]), help: "How arrays are written.")
  static let rounds = Option(argument: "rounds", .integer(in: 1...1000), help: "How many rounds.")

  /// The rounds of one kind of run.
  static let roundsCommand = Command(
    "act-rounds", summary: "Internal: the rounds of act in a process of their own.",
    groups: [OptionGroup("Run", processors, file, count, form, rounds)]
  ) { arguments in
    if arguments[processors] == "one", !Processor.pin() { throw BenchmarkError("processes cannot be pinned here") }
    let client = try Client(
      policy: arguments[file], count: arguments[count], isBase64: arguments[form] == "b64")
    defer { client.close() }
    let trips = arguments[count] > 1 ? 400 : 4000
    let sizes = try client.sizes()
    let pipe = try BarePipe(sizes)
    let contest = try Contest(
      rounds: arguments[rounds],
      [
        .init(name: "bare") { try rate(of: trips) { try pipe.roundTrips(trips) } },
        .init(name: "Gymwire") { try rate(of: trips) { try client.ask(trips) } },
      ])
    try Samples.write(contest.rates + [[Double(sizes.request)], [Double(sizes.reply)]])
    return 0
  }

  /// A program that asks `pgagent serve` about observations that change from question to question.
  private final class Client {
    private let policy: RemotePolicy
    private let questions: [ValueBatch]
    private let answers: ActionBatch
    private let count: Int

    init(policy path: String, count: Int, isBase64: Bool) throws {
      var options = RemotePolicy.Options(command: [builtProgram("pgagent"), "serve", path])
      options.wantsBatches = count > 0
      options.wantsBase64 = isBase64
      let environment = try EnvironmentCatalog.entry("CartPole-v1").make(1)
      policy = try RemotePolicy(
        options, observationSpace: environment.observationSpace, actionSpace: environment.actionSpace)
      self.count = max(1, count)
      answers = ActionBatch(environment.actionSpace, count: self.count, withEstimates: true)
      var generator = PCG64(seed: 0)
      questions = try (0..<32).map { _ in
        let batch = ValueBatch(environment.observationSpace, count: max(1, count))
        for row in 0..<batch.count {
          try (0..<4).map { _ in Float(generator.uniform(-0.5, 0.5)) }.store(in: batch, row: row)
        }
        return batch
      }
    }

    func ask(_ trips: Int) throws {
      for trip in 0..<trips {
        try policy.act(on: questions[trip % 32], count: count, masks: nil, choice: .greedy, into: answers)
      }
    }

    /// The bytes of a typical request and reply.
    func sizes() throws -> BarePipe.Sizes {
      try ask(1024)
      let before = policy.byteCounts
      try ask(1024)
      return .init(
        request: (policy.byteCounts.sent - before.sent) / 1024,
        reply: (policy.byteCounts.received - before.received) / 1024)
    }

    func close() { policy.close() }
  }
}
