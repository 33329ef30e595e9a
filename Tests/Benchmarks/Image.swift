import CommandLineOptions
import Environments
import GymwireIO

/// An observation of 84x84x4 bytes as base64, against a bare pipe that carries as many bytes.
enum Image {
  static let command = Command.benchmark(
    "image", summary: "Round trips with an 84x84x4 observation in base64, against the bare pipe.", run)

  static func run(_ report: Report) throws {
    var options = RemoteVectorEnvironment.Options(command: [ownPath(), "image-server"])
    options.wantsBase64 = true
    let environment = try RemoteVectorEnvironment(options)
    defer { environment.close() }
    let actions = ValueBatch(environment.actionSpace, count: 1)
    try environment.reset(seed: 0, options: [:])
    let encoded = (84 * 84 * 4 + 2) / 3 * 4
    let pipe = try BarePipe(.init(request: 35, reply: encoded + 70))
    let count = 2000
    let contest = try Contest(
      rounds: report.rounds,
      [
        .init(name: "bare") { try rate(of: count) { try pipe.roundTrips(count) } },
        .init(name: "Gymwire") { try rate(of: count) { for _ in 0..<count { try environment.step(actions) } } },
      ])
    var table = Table(
      name: "image", title: "Observations of 84x84x4 bytes, round trips per second",
      columns: ["bytes", "bare ping-pong", "Gymwire, b64", "Gymwire / bare"])
    table.rows.append([
      .text("35 + \(encoded + 70)"), .spread(contest.rate(0)), .spread(contest.rate(1)),
      .spread(contest.ratio(1, to: 0)),
    ])
    try report.add(table)
  }

  /// A world of pictures that costs nothing to compute.
  struct Pictures: Environment {
    private var picture = (0..<84 * 84 * 4).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    var spec: EnvironmentSpec { EnvironmentSpec(id: "Pictures") }
    var observationSpace: Space { .box(Box(shape: [84, 84, 4], type: .uint8, low: .same(0), high: .same(255))) }
    var actionSpace: Space { .discrete(Discrete(2)) }

    mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> [UInt8] { picture }

    mutating func step(_ action: Int) throws -> Transition<[UInt8]> {
      picture[0] &+= 1
      return Transition(picture, reward: 1)
    }
  }

  static let serverCommand = Command(
    "image-server", summary: "Internal: serves an environment that observes 84x84x4 bytes.", groups: []
  ) { _ in
    EnvironmentServer(name: "pictures") { Pictures() }.run()
  }
}
