import Environments

/// An environment whose every number comes from its generator: five steps at most, action 2 ends the task at once.
struct Lottery: Environment {
  var generator = PCG64(seed: 2026)
  var steps = 0
  var breaksAt: Int?

  let spec = EnvironmentSpec(id: "Lottery-v0", maximumEpisodeSteps: 5, rewardThreshold: 7.5)
  let observationSpace = Space.box(Box(shape: [2], low: .same(0), high: .same(100)))
  let actionSpace = Space.discrete(Discrete(3))

  /// Options: `steps` (steps that have gone already), `breaks_at` (the step that fails), `broken` (fails at once).
  mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> [Float] {
    if let value = options["steps"] {
      guard let number = value.number.flatMap({ Int(exactly: $0) }), number >= 0 else {
        throw EnvironmentError.invalidOptions("the option steps has to be an integer of at least 0")
      }
      steps = number
    } else {
      steps = 0
    }
    if let seed { generator = PCG64(seed: seed) }
    if options["broken"] == .boolean(true) { throw EnvironmentError.failed("the drum is empty") }
    breaksAt = options["breaks_at"]?.number.map { Int($0) }
    return [Float(steps), Float(generator.uniform())]
  }

  mutating func step(_ action: Int) throws -> Transition<[Float]> {
    steps += 1
    if steps == breaksAt { throw EnvironmentError.failed("the drum is stuck") }
    let drawn = generator.uniform()
    return Transition(
      [Float(steps), Float(drawn)],
      reward: Double(action) + 0.5,
      isTerminated: action == 2,
      isTruncated: steps >= 5,
      info: action == 1 ? ["drawn": .number(drawn)] : [:]
    )
  }
}

/// An environment of any two spaces that observes `observation` and keeps the last action.
struct Mirror: Environment {
  let observationSpace: Space
  let actionSpace: Space
  let observation: SpaceValue
  let spec = EnvironmentSpec()

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> SpaceValue { observation }
  mutating func step(_ action: SpaceValue) -> Transition<SpaceValue> { Transition(observation, reward: 1) }
}

/// An environment that refuses the option `odd` if it is the second or fourth or any other even one that was made.
struct Fussy: Environment {
  final class Count { var value = 0 }

  let isOdd: Bool
  var resets = 0
  let spec = EnvironmentSpec()
  let observationSpace = Space.discrete(Discrete(1000))
  let actionSpace = Space.discrete(Discrete(2))

  init(_ count: Count) {
    isOdd = count.value % 2 == 1
    count.value += 1
  }

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Int {
    if isOdd, options["odd"] != nil { throw EnvironmentError.invalidOptions("odd ones have no such option") }
    resets += 1
    return resets
  }

  mutating func step(_ action: Int) -> Transition<Int> { Transition(resets, reward: 0) }
}
