import ClassicControl
import CommandLineOptions
import Environments
import Gymwire

/// The protocol's own work: a driver's and a server's conversation in one process, with no pipe between them.
enum Conversation {
  static let counts = Option(
    "counts", .integers(in: 1...65536, count: 1...20), default: [1, 8, 32, 256, 1024, 4096],
    help: "Numbers of sub-environments.")

  static let command = Command(
    "conversation", summary: "The protocol's own work: both conversations in one process, without a pipe.",
    groups: [Report.group, OptionGroup("Sizes", counts)]
  ) { arguments in
    try run(Report(arguments), counts: arguments[counts])
    return 0
  }

  static func run(_ report: Report, counts: [Int]) throws {
    var table = Table(
      name: "conversation",
      title: "The protocol's own work without a pipe, nanoseconds of processor time per environment step",
      columns: ["N", "form", "environment alone", "environment, server and driver", "reply bytes per environment"])
    for count in counts {
      for form in count == 1 ? ["unbatched", "text", "b64"] : ["text", "b64"] {
        let entry = try EnvironmentCatalog.entry("CartPole-v1")
        let local = LocalVectorEnvironment(entry.make(count))
        try local.reset(seed: 0, options: [:])
        let actions = ValueBatch(local.actionSpace, count: count)
        let pair = try Pair(entry.make(count), form: form)
        let repeats = max(1, 20_000 / count)
        var alone: [Double] = []
        var whole: [Double] = []
        for _ in 0..<report.rounds {
          alone.append(try time(repeats) { try local.step(actions) } / Double(count))
          whole.append(try time(repeats) { try pair.step() } / Double(count))
        }
        table.rows.append([
          .text("\(count)"), .text(form), .spread(Spread(alone)), .spread(Spread(whole)),
          .number(Double(pair.replyBytes) / Double(count)),
        ])
      }
    }
    try report.add(table)
  }

  /// Nanoseconds of processor time for one call of `body`.
  private static func time(_ repeats: Int, _ body: () throws -> Void) rethrows -> Double {
    let start = processorTime()
    for _ in 0..<repeats { try body() }
    return (processorTime() - start) * 1e9 / Double(repeats)
  }
}

extension Conversation {
  /// Both ends of one conversation.
  private final class Pair {
    private let server: EnvironmentConversation
    private var driver = DriverConversation()
    private let outcome: StepBatch
    private let actions: ValueBatch
    private(set) var replyBytes = 0

    init(_ batch: any EnvironmentBatch, form: String) throws {
      outcome = StepBatch(observationSpace: batch.observationSpace, count: batch.count)
      actions = ValueBatch(batch.actionSpace, count: batch.count)
      server = EnvironmentConversation(serving: batch, serverName: "benchmark")
      var hello = HelloRequest(client: "benchmark")
      if form != "unbatched" {
        hello.features = form == "b64" ? [.batch, .b64] : [.batch]
        hello.wantedEnvironments = batch.count
      }
      driver.composeHello(hello)
      _ = try driver.readHello(answer())
      try reset(seed: 0)
    }

    func step() throws {
      driver.composeStep(actions, rows: 0..<outcome.count)
      let reply = answer()
      replyBytes = reply.count
      _ = try driver.readStep(reply, into: outcome, rows: 0..<outcome.count)
      if !driver.form.isBatched, outcome.hasEnded(0) { try reset(seed: nil) }
    }

    private func reset(seed: UInt64?) throws {
      driver.composeReset(ResetRequest(seed: seed))
      _ = try driver.readReset(answer(), into: outcome, rows: 0..<outcome.count)
    }

    private func answer() -> UnsafeRawBufferPointer {
      let reply = server.answer(UnsafeRawBufferPointer(rebasing: driver.line.dropLast()))
      return UnsafeRawBufferPointer(rebasing: reply.dropLast())
    }
  }
}
