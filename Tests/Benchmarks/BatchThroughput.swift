import CommandLineOptions
import Environments
import GymwireIO

/// (b) Many environments at a time, through pipes in text and base64, against vector environments without any pipe.
enum BatchThroughput {
  static let counts = Option(
    "counts", .integers(in: 1...65536, count: 1...20), default: [1, 8, 32, 256, 1024, 4096],
    help: "Numbers of sub-environments.")

  static let command = Command(
    "batch", summary: "CartPole steps per second by number of environments, against Gymnasium's and EnvPool's.",
    groups: [Report.group, OptionGroup("Sizes", counts)]
  ) { arguments in
    try run(Report(arguments), counts: arguments[counts])
    return 0
  }

  private static let peers = ["numpy", "sync", "async", "envpool"]

  static func run(_ report: Report, counts: [Int]) throws {
    let hasPeers = PythonEnvironment.install(["numpy", "gymnasium", "envpool"])
    var table = Table(
      name: "batch", title: "CartPole-v1 steps per second, all environments together",
      columns: [
        "N", "text", "b64", "text, two processes", "b64, two processes", "Gymnasium NumPy", "Gymnasium Sync",
        "Gymnasium Async", "EnvPool", "text / best peer", "b64 / best peer",
      ])
    var versions: Set<String> = []
    for count in counts {
      var contestants: [Contest.Contestant] = []
      for processes in count > 1 ? [1, 2] : [1] {
        for usesBase64 in [false, true] {
          contestants.append(try gymwire(count: count, processes: processes, usesBase64: usesBase64))
        }
      }
      let ours = contestants.count
      var columns: [Int?] = []
      for kind in peers {
        // A process for each of very many environments is no contest.
        let isSensible = hasPeers && (kind != "async" || count <= 32) && (kind != "sync" || count <= 1024)
        guard isSensible, let peer = try PythonPeer(script: "peers.py", [kind, "\(count)"]) else {
          columns.append(nil)
          continue
        }
        versions.insert(peer.version)
        columns.append(contestants.count)
        let steps = try steps(lasting: 0.15) { try peer.step($0) }
        contestants.append(.init(name: kind) { Double(steps * count) / (try peer.step(steps)) })
      }
      let contest = try Contest(rounds: report.rounds, contestants)
      table.rows.append(row(count, contest, ours: ours, columns))
      StandardStreams.report("N = \(count) is measured")
    }
    table.notes = [
      "Against \(versions.sorted().joined(separator: ", ")). Random actions; medians of rounds, quartiles."
    ]
    try report.add(table)
  }

  private static func row(_ count: Int, _ contest: Contest, ours: Int, _ columns: [Int?]) -> [Table.Cell] {
    let best = columns.compactMap { $0 }.max { contest.rate($0).median < contest.rate($1).median }
    var cells: [Table.Cell] = [.text("\(count)")]
    for index in 0..<4 { cells.append(index < ours ? .spread(contest.rate(index)) : .text("")) }
    for column in columns { cells.append(column.map { .spread(contest.rate($0)) } ?? .text("")) }
    for form in 0..<2 {
      let candidates = ours > 2 ? [form, form + 2] : [form]
      let fastest = candidates.max { contest.rate($0).median < contest.rate($1).median } ?? form
      cells.append(best.map { .spread(contest.ratio(fastest, to: $0)) } ?? .text(""))
    }
    return cells
  }

  private static func gymwire(count: Int, processes: Int, usesBase64: Bool) throws -> Contest.Contestant {
    let groups = try (0..<processes).map { index in
      var options = RemoteVectorEnvironment.Options(command: [builtProgram("cartpole-server")])
      options.wantedEnvironments = count / processes
      options.wantsBase64 = usesBase64
      return try Group(RemoteVectorEnvironment(options), seed: UInt64(index * count))
    }
    let steps = try steps(lasting: 0.15) { try run(groups, steps: $0) }
    return .init(name: usesBase64 ? "b64" : "text") {
      Double(steps * (count / processes) * processes) / (try run(groups, steps: steps))
    }
  }

  /// Steps the groups out of phase: while one is waited for, the others compute.
  private static func run(_ groups: [Group], steps: Int) throws -> Double {
    let time = try ContinuousClock().measure {
      for step in 0..<steps {
        for group in groups {
          if step > 0 { try group.environment.finishStep() }
          try group.environment.beginStep(group.actions[step & 63])
        }
      }
      for group in groups { try group.environment.finishStep() }
    }
    return time / .seconds(1)
  }

  /// How many steps take about so many seconds.
  private static func steps(lasting seconds: Double, _ run: (Int) throws -> Double) throws -> Int {
    var steps = 4
    while true {
      let time = try run(steps)
      if time > seconds / 4 || steps > 1 << 24 { return max(1, Int(Double(steps) * seconds / time)) }
      steps *= 2
    }
  }
}

extension BatchThroughput {
  /// The environments of one process, with actions drawn in advance.
  private final class Group {
    let environment: RemoteVectorEnvironment
    let actions: [ValueBatch]

    init(_ environment: RemoteVectorEnvironment, seed: UInt64) throws {
      self.environment = environment
      var generator = PCG64(seed: seed)
      actions = (0..<64).map { _ in
        let batch = ValueBatch(environment.actionSpace, count: environment.count)
        for row in 0..<environment.count { batch.flat?.array.set(Int128(generator.next() & 1), at: row) }
        return batch
      }
      try environment.reset(seed: seed, options: [:])
    }

    deinit { environment.close() }
  }
}
