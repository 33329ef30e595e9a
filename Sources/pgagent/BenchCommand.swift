import CommandLineOptions
import Environments
import GymwireIO
import JSONLines

/// `pgagent bench`: how fast a server is, and how much it says.
enum BenchCommand {
  static let seconds = Option(
    "seconds", .number("S", in: 0.1...3600), default: 3, help: "How long to step, after a tenth of that as a warm-up.")
  static let seed = Option("seed", .seed(), default: 0, help: "The seed of the episodes and of the random actions.")
  static let printsJSON = Option(
    flag: "json",
    help: """
      Print one JSON object with num_envs, steps_per_second, round_trips_per_second, latency_us, bytes_per_step and \
      restarts.
      """)

  static let command = Command(
    "bench", summary: "Measure the throughput, the latency and the bytes per step of any server, with random actions.",
    details: """
      Example: pgagent bench --env-cmd ./sim --num-envs 64 --b64
      One round trip is one step of all sub-environments; those without the feature batch are stepped one by one.
      """,
    groups: [EnvironmentOptions.group, OptionGroup("Measurement", seconds, seed, printsJSON)],
    run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let options = try EnvironmentOptions(arguments)
    let environment = try options.start()
    defer { environment.close() }
    var actions = try RandomActions(environment.actionSpace, count: environment.count, seed: UInt64(arguments[seed]))
    try environment.reset(seed: UInt64(arguments[seed]), options: [:])
    _ = try measure(environment, &actions, seconds: arguments[seconds] / 10)
    let result = try measure(environment, &actions, seconds: arguments[seconds])
    guard result.roundTrips > 0 else { return Interruption.exitStatus }
    let report = arguments[printsJSON] ? json(result, environment) : text(result, environment, options)
    try FileDescriptor.standardOutput.writeAll(report)
    return Interruption.isRequested ? Interruption.exitStatus : 0
  }

  /// What was seen of a server in some time.
  struct Result {
    var roundTrips = 0
    var seconds = 0.0
    var bytesSent = 0
    var bytesReceived = 0
    /// Seconds for each round trip, of the first ones only where there are very many; sorted.
    var latencies: [Double] = []

    func latency(_ fraction: Double) -> Double {
      latencies.isEmpty ? 0 : latencies[min(latencies.count - 1, Int(fraction * Double(latencies.count)))] * 1e6
    }
  }

  private static func measure(
    _ environment: RemoteVectorEnvironment, _ actions: inout RandomActions, seconds: Double
  ) throws -> Result {
    var result = Result()
    result.latencies.reserveCapacity(1_000_000)
    let before = environment.byteCounts
    let start = ContinuousClock.now
    var now = start
    while result.seconds < seconds, !Interruption.isRequested {
      actions.draw()
      let begun = ContinuousClock.now
      try environment.step(actions.batch)
      now = .now
      result.roundTrips += 1
      if result.latencies.count < 1_000_000 { result.latencies.append(begun.duration(to: now) / .seconds(1)) }
      result.seconds = start.duration(to: now) / .seconds(1)
    }
    result.latencies.sort()
    result.bytesSent = environment.byteCounts.sent - before.sent
    result.bytesReceived = environment.byteCounts.received - before.received
    return result
  }

  private static func text(
    _ result: Result, _ environment: RemoteVectorEnvironment, _ options: EnvironmentOptions
  ) -> String {
    let steps = result.roundTrips * environment.count
    let rate = Int(Double(steps) / result.seconds)
    let trips = Int(Double(result.roundTrips) / result.seconds)
    return """
      \(VisibleText.line("\(environment.spec.id ?? "environment") from \(environment.serverName ?? options.command)")): \
      \(environment.count) sub-environments in \(options.processCount) \
      process\(options.processCount == 1 ? "" : "es")
      steps per second        \(rate.grouped)
      round trips per second  \(trips.grouped)
      latency, µs             median \(result.latency(0.5).fixed(1)), 90 % \(result.latency(0.9).fixed(1)), \
      99 % \(result.latency(0.99).fixed(1)), 99.9 % \(result.latency(0.999).fixed(1)), \
      longest \(result.latency(1).fixed(1))
      bytes per step          \((Double(result.bytesSent) / Double(steps)).fixed(1)) sent, \
      \((Double(result.bytesReceived) / Double(steps)).fixed(1)) received\(restarts(environment))

      """
  }

  private static func restarts(_ environment: RemoteVectorEnvironment) -> String {
    environment.restartCount == 0 ? "" : "\nrestarts                \(environment.restartCount)"
  }

  private static func json(_ result: Result, _ environment: RemoteVectorEnvironment) -> String {
    let steps = Double(result.roundTrips * environment.count)
    func object(_ members: [(String, Double)]) -> JSONValue {
      .object(members.map { .init($0.0, .number($0.1)) })
    }
    let latency = object([
      ("median", result.latency(0.5)), ("p90", result.latency(0.9)), ("p99", result.latency(0.99)),
      ("p999", result.latency(0.999)), ("max", result.latency(1)),
    ])
    let value = JSONValue.object([
      .init("num_envs", .integer(Int64(environment.count))),
      .init("steps_per_second", .number(steps / result.seconds)),
      .init("round_trips_per_second", .number(Double(result.roundTrips) / result.seconds)),
      .init("latency_us", latency),
      .init(
        "bytes_per_step",
        object([("sent", Double(result.bytesSent) / steps), ("received", Double(result.bytesReceived) / steps)])),
      .init("restarts", .integer(Int64(environment.restartCount))),
    ])
    return value.text + "\n"
  }
}
