import ClassicControl
import Environments
import Testing

/// Streams of 500 steps that Gymnasium recorded, with a seeded reset at the beginning and unseeded ones after each end.
@Suite("The suite replays what Gymnasium recorded")
struct GymnasiumReplayTests {
  /// An environment, with its state, its actions as the file has them, and how near a single step comes on any platform.
  struct Recorded: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let wholeStreams: @Sendable () throws -> Void
    let singleSteps: @Sendable () throws -> Void

    init<Task: Mechanism & SendableMetatype>(
      _ make: @escaping @Sendable () -> Task, tolerance: Double,
      action: @escaping @Sendable (Substring) -> Task.Action?, state: @escaping @Sendable (Task) -> [Double]
    ) {
      let id = make().id
      testDescription = id
      wholeStreams = {
        let streams = try GoldenFile(id.lowercased()).records("stream")
        #expect(streams.count == 8)
        for stream in streams { try GymnasiumReplayTests.replay(stream, of: make().limited(), action, state) }
      }
      singleSteps = {
        for stream in try GoldenFile(id.lowercased()).records("stream") where !stream.lines.isEmpty {
          try GymnasiumReplayTests.step(along: stream, make(), tolerance, action, state)
        }
      }
    }
  }

  static let all = [
    Recorded(Pendulum.init, tolerance: 1e-12, action: scaled(Pendulum.Action.init)) { [$0.angle, $0.angularVelocity] },
    Recorded(MountainCar.init, tolerance: 1e-12, action: { Int($0) }) { [$0.position, $0.velocity] },
    // A step right after a reset computes in Double, where the recorded one rounded to Float.
    Recorded(MountainCarContinuous.init, tolerance: 1e-6, action: scaled(MountainCarContinuous.Action.init)) {
      [$0.position, $0.velocity]
    },
    Recorded(Acrobot.init, tolerance: 1e-12, action: { Int($0) }) { acrobot in
      (0..<4).map { acrobot.state[$0] }
    },
  ]

  @Test(
    "every state, observation, reward and flag is equal, bit for bit, through later resets as well",
    .enabled(if: hasRecordedSineAndCosine), arguments: all)
  func wholeStreams(of recorded: Recorded) throws { try recorded.wholeStreams() }

  @Test("from every recorded state, one step leads to the next one on any platform", arguments: all)
  func singleSteps(of recorded: Recorded) throws { try recorded.singleSteps() }
}

extension GymnasiumReplayTests {
  private static func replay<Task: Mechanism>(
    _ stream: GoldenRecord, of environment: TimeLimit<Task>, _ action: (Substring) -> Task.Action?,
    _ state: (Task) -> [Double]
  ) throws {
    var environment = environment
    var (states, observations, rewards) = (Digest(), Digest(), Digest())
    var events = 0
    func note(_ observation: Task.Observation) throws {
      let numbers = state(environment.base)
      states.add(numbers)
      observations.add(observation.numbers)
      if events < stream.lines.count { try #require(try numbers == stream.lines[events].doubles(), "event \(events)") }
      events += 1
    }
    var ends: [String] = []
    try note(environment.reset(seed: stream.seed(), options: [:]))
    for (index, word) in try stream.actions().enumerated() {
      let transition = try environment.step(#require(action(word)))
      try note(transition.observation)
      rewards.add([transition.reward])
      guard transition.isTerminated || transition.isTruncated else { continue }
      let flags = (transition.isTerminated ? "terminated" : "") + (transition.isTruncated ? "truncated" : "")
      ends.append("\(index + 1)\(flags)")
      try note(environment.reset(seed: nil, options: [:]))
    }
    #expect(try states.value == stream.digest("states"), "some state differs")
    #expect(try observations.value == stream.digest("observations"), "some observation differs")
    #expect(try rewards.value == stream.digest("rewards"), "some reward differs")
    #expect(try ends.joined(separator: ",") == stream.field("ends"))
  }

  private static func step<Task: Mechanism>(
    along stream: GoldenRecord, _ task: Task, _ tolerance: Double, _ action: (Substring) -> Task.Action?,
    _ state: (Task) -> [Double]
  ) throws {
    var task = task
    let states = try stream.lines.map { try $0.doubles() }
    let ends = try stream.field("ends").split(separator: ",").compactMap { Int($0.prefix { $0.isNumber }) }
    var event = 0
    for (index, word) in try stream.actions().enumerated() where event + 1 < states.count {
      _ = try task.reset(seed: nil, options: ["state": .list(states[event].map { .number($0) })])
      _ = try task.step(#require(action(word)))
      #expect(greatestDifference(state(task), states[event + 1]) <= tolerance, "event \(event)")
      event += ends.contains(index + 1) ? 2 : 1
    }
    #expect(event > 100)
  }

  /// Reads a number in units of 1/1024.
  private static func scaled<Action>(
    _ make: @escaping @Sendable (Float) -> Action
  ) -> @Sendable (Substring) -> Action? {
    { word in Float(word).map { make($0 / 1024) } }
  }
}

extension GoldenRecord {
  /// The actions, one character each or divided by commas.
  fileprivate func actions() throws -> [Substring] {
    let text = try field("actions")
    return text.contains(",") ? text.split(separator: ",") : text.indices.map { text[$0...$0] }
  }
}
