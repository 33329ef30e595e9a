import ClassicControl
import Environments
import Foundation
import GymwireIO
import Testing

/// Whether what comes through pipes is what the environments of this process give, number for number.
@Suite("Environments behind pipes")
struct RemoteVectorEnvironmentTests {
  /// How many sub-environments, in how many processes, in which form.
  struct Arrangement: Sendable, CustomTestStringConvertible {
    let wanted: Int?
    let processes: Int
    var usesBase64 = false
    var count: Int { wanted ?? processes }
    var testDescription: String {
      "\(wanted.map { "\($0) batched" } ?? "single"), \(processes) processes, b64 \(usesBase64)"
    }
  }

  static let arrangements = [
    Arrangement(wanted: nil, processes: 1), Arrangement(wanted: nil, processes: 3),
    Arrangement(wanted: 1, processes: 1), Arrangement(wanted: 7, processes: 1),
    Arrangement(wanted: 7, processes: 1, usesBase64: true), Arrangement(wanted: 7, processes: 3),
    Arrangement(wanted: 8, processes: 3, usesBase64: true), Arrangement(wanted: nil, processes: 2, usesBase64: true),
  ]

  private func start(_ arrangement: Arrangement, _ words: [String]) throws -> RemoteVectorEnvironment {
    var options = RemoteVectorEnvironment.Options(command: BuiltProgram.command(words))
    options.processCount = arrangement.processes
    options.wantedEnvironments = arrangement.wanted
    options.wantsBase64 = arrangement.usesBase64
    return try RemoteVectorEnvironment(options)
  }

  @Test(
    "any number of processes, batched or not, in text or base64, equals the environments within: SPEC 12.10, 13.1, 6.3",
    arguments: arrangements, EnvironmentCatalog.entries.map(\.id))
  func equalsLocal(arrangement: Arrangement, id: String) throws {
    let entry = try #require(EnvironmentCatalog.entries.first { $0.id == id })
    let server = "classic-control-server"
    let local = LocalVectorEnvironment(entry.make(arrangement.count))
    let remote = try start(arrangement, [server, "--id", id])
    defer { remote.close() }
    // What numbers mean is told with the feature about alone, which training does not ask for.
    var spec = local.spec
    spec.about = EnvironmentDescription()
    #expect(remote.count == arrangement.count && remote.spec == spec && remote.serverName?.hasPrefix(server) == true)
    #expect(remote.observationSpace == local.observationSpace && remote.actionSpace == local.actionSpace)
    let actions = ValueBatch(local.actionSpace, count: local.count)
    var generator = PCG64(seed: 8)
    var ends = 0
    for seed in [41, nil] as [UInt64?] {
      try local.reset(seed: seed, options: [:])
      try remote.reset(seed: seed, options: [:])
      #expect(remote.outcome.observations == local.outcome.observations)
      for _ in 0..<120 {
        for row in 0..<local.count { try store(generator.uniform(), in: actions, row: row) }
        try local.step(actions)
        try remote.step(actions)
        for row in 0..<local.count where local.outcome.hasEnded(row) {
          ends += 1
          #expect(remote.outcome.finalObservations.row(row) == local.outcome.finalObservations.row(row))
        }
        #expect(remote.outcome.observations == local.outcome.observations)
        #expect(Array(remote.outcome.rewards) == Array(local.outcome.rewards))
        #expect(Array(remote.outcome.isTerminated) == Array(local.outcome.isTerminated))
        #expect(Array(remote.outcome.isTruncated) == Array(local.outcome.isTruncated))
      }
    }
    #expect(ends > 0 || id != "CartPole-v1")
  }

  private func store(_ number: Double, in actions: ValueBatch, row: Int) throws {
    if case .discrete(let discrete) = actions.space {
      return try Int(number * Double(discrete.n)).store(in: actions, row: row)
    }
    guard case .box(let box) = actions.space else {
      Issue.record("there is no action for \(actions.space) here")
      return
    }
    let action = (0..<box.shape.elementCount).map { element in
      let (least, greatest) = (max(box.low[element], -1e3), min(box.high[element], 1e3))
      return Float(least + number * (greatest - least))
    }
    try action.store(in: actions, row: row)
  }

  @Test("options of a reset reach every sub-environment: SPEC 6.4")
  func options() throws {
    let remote = try start(Arrangement(wanted: 3, processes: 2), ["cartpole-server"])
    defer { remote.close() }
    let state: [Float] = [0.5, 0, 0.0625, -0.25]
    try remote.reset(seed: 1, options: ["state": .list(state.map { .number(Double($0)) })])
    for row in 0..<3 { #expect(remote.outcome.observations.row(row) == state) }
    let error = try #require(throws: ConnectionError.self) {
      try remote.reset(seed: 1, options: ["low": .number(1), "high": .number(0)])
    }
    #expect("\(error)".contains("bad_options") && "\(error)".contains("Check the reset options"))
  }

  @Test("processes that serve different environments are refused, and all are ended")
  func disagreement() throws {
    let mark = NSTemporaryDirectory() + "gymwire-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: mark) }
    let script = #"mkdir "$0" 2> /dev/null && exec "$1"; exec "$2""#
    let servers = ["cartpole-server", "swingup-server"].map(BuiltProgram.path)
    var options = RemoteVectorEnvironment.Options(command: ["sh", "-c", script, mark] + servers)
    options.processCount = 2
    let error = try #require(throws: ConnectionError.self) { _ = try RemoteVectorEnvironment(options) }
    #expect("\(error)".contains("describes other spaces than the first process"))
  }

  @Test(
    "a feature that was not asked for may not be switched on, known or not: SPEC 5.5", arguments: ["render", "x-fast"])
  func unaskedFeature(name: String) throws {
    let hello = ScriptedServer.hello.dropLast() + #","features":["\#(name)"]}"#
    let error = try #require(throws: ConnectionError.self) { try ScriptedServer(answers: [String(hello)]).start() }
    #expect("\(error)".contains("switched on the feature \(name), which was not asked for"))
  }

  @Test("num_envs means nothing without batch, and may not exceed the wish with it: SPEC 12.1, 5.8")
  func grants() throws {
    let many = String(ScriptedServer.hello.dropLast() + #","num_envs":4}"#)
    let environment = try ScriptedServer(answers: [many]).start()
    environment.close()
    #expect(environment.count == 1)
    for (granted, isRefused) in [(0, true), (1, false), (3, false), (4, true), (-1, true)] {
      let hello = ScriptedServer.hello.dropLast() + #","features":["batch"],"num_envs":\#(granted)}"#
      var options = RemoteVectorEnvironment.Options(command: ScriptedServer(answers: [String(hello)]).command)
      options.wantedEnvironments = 3
      do {
        let environment = try RemoteVectorEnvironment(options)
        environment.close()
        #expect(!isRefused && environment.count == granted)
      } catch let error as ConnectionError {
        #expect(isRefused && "\(error)".contains("granted \(granted) sub-environments, but 3 were wanted"))
      }
    }
  }

  @Test("a request longer than the server reads is not sent: SPEC 2.10, 2.12")
  func requestTooLong() throws {
    let hello = ScriptedServer.hello(
      observations: #"{"type":"Discrete","n":1}"#, actions: #"{"type":"MultiBinary","shape":[40000]}"#)
    let narrow = String(hello.dropLast() + #","max_line":65536}"#)
    let environment = try ScriptedServer(answers: [narrow, #"{"id":1,"obs":0}"#]).start()
    defer { environment.close() }
    try environment.reset(seed: nil, options: [:])
    let error = try #require(throws: ConnectionError.self) {
      try environment.step(ValueBatch(environment.actionSpace, count: 1))
    }
    #expect("\(error)".contains("reads lines of 65536 bytes at most, but a request needs 800"))
  }

  @Test("closing asks each process to end, and it does so with status 0: SPEC 6.10")
  func close() throws {
    let clock = ContinuousClock()
    let remote = try start(Arrangement(wanted: 4, processes: 4), ["cartpole-server"])
    try remote.reset(seed: 1, options: [:])
    let start = clock.now
    remote.close(grace: .seconds(30))
    #expect(clock.now - start < .seconds(20), "nobody had to be killed")
    #expect(throws: (any Error).self) { try remote.reset(seed: 1, options: [:]) }
  }
}

extension ValueBatch {
  /// The numbers of one row of float32.
  fileprivate func row(_ index: Int) -> [Float]? { try? [Float].load(from: self, row: index) }

  fileprivate static func == (left: ValueBatch, right: ValueBatch) -> Bool {
    left.count == right.count && (0..<left.count).allSatisfy { left.row($0) != nil && left.row($0) == right.row($0) }
  }
}
