import CommandLineOptions
import Environments
import GymwireIO

/// (a) One environment, one request at a time, against a bare blocking ping-pong of the same bytes.
enum Lockstep {
  static let command = Command.benchmark(
    "lockstep", summary: "Round trips of one environment, against a bare pipe ping-pong of the same bytes.", run)

  static func run(_ report: Report) throws {
    var table = Table(
      name: "lockstep", title: "Lock-step, round trips per second",
      columns: [
        "server", "processors", "bytes", "bare ping-pong", "Gymwire", "Gymwire / bare",
        "bare, µs of processor time", "Gymwire, µs of processor time",
      ])
    table.notes = ["The bare ping-pong blocks in every read. Medians of rounds, quartiles in parentheses."]
    let example = try ExampleServer.compile("chase")
    for processors in ["any", "one"] {
      for server in ["cartpole-server", "chase.c"] {
        if processors == "one", server == "chase.c" { continue }
        let command = server == "chase.c" ? example : builtProgram("cartpole-server")
        // The number of processors is looked up once in a process, so each kind of run is a process of its own.
        let samples = try Samples.run(["lockstep-rounds", processors, command, "\(report.rounds)"])
        table.rows.append([
          .text(server), .text(processors), .text("\(Int(samples[2][0])) + \(Int(samples[3][0]))"),
          .spread(Spread(samples[0])), .spread(Spread(samples[1])), .spread(.ratios(samples[1], to: samples[0])),
          .spread(Spread(samples[4])), .spread(Spread(samples[5])),
        ])
      }
    }
    try report.add(table)
  }

  static let processors = Option(argument: "processors", .choice(["any", "one"]), help: "Which processors to use.")
  static let server = Option(argument: "server", .text(), help: "The server's executable.")
  static let rounds = Option(argument: "rounds", .integer(in: 1...1000), help: "How many rounds.")

  /// The rounds of one kind of run.
  static let roundsCommand = Command(
    "lockstep-rounds", summary: "Internal: the rounds of lockstep in a process of their own.",
    groups: [OptionGroup("Run", processors, server, rounds)]
  ) { arguments in
    if arguments[processors] == "one", !Processor.pin() { throw BenchmarkError("processes cannot be pinned here") }
    let path = arguments[server]
    let environment = try RemoteVectorEnvironment(.init(command: [path]))
    defer { environment.close() }
    let isExample = path.hasSuffix("chase")
    let pilot = try Pilot(environment, rule: isExample ? Pilot.chase : Pilot.cartPole)
    let sizes = try measureSizes(path)
    let pipe = try BarePipe(sizes)
    let count = 4000
    var time: [[Double]] = [[], []]
    for _ in 0..<arguments[rounds] {
      let start = processorTimeOfFamily()
      try pipe.roundTrips(count)
      let middle = processorTimeOfFamily()
      let ended = try pilot.step(count)
      time[0].append((middle - start) * 1e6 / Double(count))
      time[1].append((processorTimeOfFamily() - middle) * 1e6 / Double(count + ended))
    }
    let contest = try Contest(
      rounds: arguments[rounds],
      [
        .init(name: "bare") { try rate(of: count) { try pipe.roundTrips(count) } },
        .init(name: "Gymwire") {
          var ended = 0
          let steps = try rate(of: count) { ended = try pilot.step(count) }
          return steps * Double(count + ended) / Double(count)
        },
      ])
    try Samples.write(contest.rates + [[Double(sizes.request)], [Double(sizes.reply)]] + time)
    return 0
  }

  /// The bytes of a typical request and reply, in the middle of an episode.
  private static func measureSizes(_ path: String) throws -> BarePipe.Sizes {
    let connection = try ServerConnection(command: [path])
    defer { connection.close() }
    var sizes = BarePipe.Sizes(request: 0, reply: 0)
    let steps = (1000..<1020).map { #"{"id":\#($0),"op":"step","action":\#($0 % 2)}"# }
    for request in [#"{"id":0,"op":"hello","versions":[1]}"#, #"{"id":1,"op":"reset","seed":0}"#] + steps {
      let line = Array((request + "\n").utf8)
      try line.withUnsafeBytes { try connection.send($0) }
      let reply = try connection.receiveLine()
      sizes = .init(request: line.count, reply: reply.count + 1)
      if line.starts(with: steps[7].utf8) { break }
    }
    return sizes
  }
}
