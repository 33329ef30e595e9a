import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What parameters cost on their way to workers, against bare pipes that carry as many bytes.
enum Workers {
  static let command = Command.benchmark(
    "workers", summary: "Parameters of 1 MB to eight workers, against bare pipes that carry as many bytes.", run)

  private static let count = 8

  static func run(_ report: Report) throws {
    let crew = try Crew(count)
    defer { RemoteWorker.close(crew.workers) }
    let before = crew.bytes
    try crew.update()
    let (sent, received) = (crew.bytes.sent - before.sent, crew.bytes.received - before.received)
    let pipes = try (0..<count).map { _ in try BarePipe(.init(request: sent / count, reply: received / count)) }
    let updates = 10
    let contest = try Contest(
      rounds: report.rounds,
      [
        .init(name: "bare") {
          try rate(of: updates) {
            for _ in 0..<updates {
              for pipe in pipes { try pipe.send() }
              for pipe in pipes { try pipe.receive() }
            }
          }
        },
        .init(name: "workers") { try rate(of: updates) { for _ in 0..<updates { try crew.update() } } },
      ])
    var table = Table(
      name: "workers", title: "Parameters of \(crew.parameterBytes) bytes to \(count) workers",
      columns: ["bytes", "bare pipes, ms", "Gymwire, ms", "Gymwire / bare"])
    table.rows.append([
      .text("\(sent) + \(received)"), .spread(Spread(contest.rates[0].map { 1000 / $0 })),
      .spread(Spread(contest.rates[1].map { 1000 / $0 })), .spread(contest.ratio(1, to: 0)),
    ])
    try report.add(table)
  }

  /// Workers that are sent a policy, and asked for no step.
  private final class Crew {
    let workers: [RemoteWorker]
    let parameterBytes: Int
    private let policy: [PartNumbers]
    private let streams: [PartNumbers]
    private var version = 0

    init(_ count: Int) throws {
      var settings = AlgorithmCatalog.standard.defaults
      settings[NetworkSettings.hiddenSizes] = [508, 508]
      var options = RemoteWorker.Options(
        command: [builtProgram("pgagent"), "work", "--env-cmd", builtProgram("cartpole-server")])
      options.wantedEnvironments = 1
      workers = try RemoteWorker.start(Array(repeating: options, count: count)) { observations, actions in
        try AgentTask(observationSpace: observations, actionSpace: actions).actionWidth
      }
      let task = try AgentTask(
        observationSpace: workers[0].observationSpace, actionSpace: workers[0].actionSpace, streams: 1)
      guard let agent = try Algorithm.makeAgent(settings, for: task) as? any DistributedAgent else {
        throw BenchmarkError("\(settings.algorithm.name) takes no workers")
      }
      policy = agent.policyParts.map(\.numbers)
      streams = agent.streamParts(0..<1).map(\.numbers)
      parameterBytes = 4 * policy.reduce(0) { $0 + $1.floats.reduce(0) { $0 + $1.count } }
      let json = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
      for worker in workers {
        try worker.prepare(settings: json)
        try worker.reset(seed: 0, options: [:])
      }
    }

    var bytes: (sent: Int, received: Int) {
      workers.reduce((0, 0)) { ($0.0 + $1.byteCounts.sent, $0.1 + $1.byteCounts.received) }
    }

    func update() throws {
      version += 1
      let order = RolloutOrder(steps: 0, policyVersion: version, policy: policy, streamParts: streams)
      for worker in workers { try worker.beginRollout(order) }
      for worker in workers { _ = try worker.finishRollout() }
    }
  }
}
