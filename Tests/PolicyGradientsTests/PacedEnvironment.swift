import Environments
import PolicyGradients

/// Says where it is, and earns by that: sub-environment, episode and step are its observation, and the reward of a step is
/// ten times the number of the episode, from 1 to 7, and one more for the first action.
struct PlaceTask: Environment {
  private var number = 0.0
  private var episode = 0
  private var steps = 0
  let spec = EnvironmentSpec(id: "Place")
  let observationSpace = Space.box(Box(shape: [3], low: .same(0), high: .same(1e6)))
  let actionSpace = Space.discrete(Discrete(2))

  /// What an episode is worth, less the actions.
  static func worth(_ episode: Int) -> Double { Double(10 * (1 + episode % 7)) }
  /// How many steps it has.
  static func length(_ episode: Int) -> Int { 3 + episode % 4 }

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] {
    if let seed {
      number = Double(seed % 64)
      episode = 0
    } else {
      episode += 1
    }
    steps = 0
    return shown
  }

  private var shown: [Float] { [Float(number), Float(episode), Float(steps)] }

  mutating func step(_ action: Int) -> Transition<[Float]> {
    steps += 1
    let isLast = steps == Self.length(episode)
    return Transition(
      shown, reward: Self.worth(episode) + Double(1 - action), isTerminated: isLast && episode % 2 == 0,
      isTruncated: isLast && episode % 2 == 1)
  }
}

/// Sub-environments that have answered once somebody has asked so many times, and note what they were told and earned.
final class PacedEnvironment: VectorEnvironment {
  private let inner: LocalVectorEnvironment
  private let delays: [Int]
  private var asked = 0
  private var steps = 0
  private var running: [Double]
  /// The returns of the episodes whose end has been told.
  private(set) var returns: [Double] = []
  /// Called when a step begins.
  var whenActed: () -> Void = {}

  /// - Parameter delays: how often each step says that it is not ready, again and again.
  init(_ inner: LocalVectorEnvironment, delays: [Int]) {
    (self.inner, self.delays) = (inner, delays)
    running = Array(repeating: 0, count: inner.count)
  }

  var spec: EnvironmentSpec { inner.spec }
  var observationSpace: Space { inner.observationSpace }
  var actionSpace: Space { inner.actionSpace }
  var count: Int { inner.count }
  var outcome: StepBatch { inner.outcome }

  func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    try inner.reset(seed: seed, options: options)
    running = running.map { _ in 0 }
  }

  func beginStep(_ actions: ValueBatch) throws {
    whenActed()
    try inner.beginStep(actions)
    asked = 0
  }

  func hasAnswered() -> Bool {
    asked += 1
    return asked > delays[steps % delays.count]
  }

  func finishStep() throws {
    inner.finishStep()
    steps += 1
    for row in 0..<count {
      running[row] += outcome.rewards[row]
      guard outcome.hasEnded(row) else { continue }
      returns.append(running[row])
      running[row] = 0
    }
  }
}
