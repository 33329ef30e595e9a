import Environments
import PolicyGradients

/// Repeat the number that you see: ten steps, a reward of 1 for each one that is right.
struct IdentityTask: Environment {
  private var generator = PCG64(seed: 0)
  private var shown = 0
  private var steps = 0
  let spec = EnvironmentSpec(id: "Identity", maximumEpisodeSteps: 10)
  let observationSpace = Space.discrete(Discrete(3, start: 5))
  let actionSpace = Space.discrete(Discrete(3, start: -1))

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> Int {
    if let seed { generator = PCG64(seed: seed) }
    steps = 0
    return show()
  }

  private mutating func show() -> Int {
    shown = Int(generator.next() % 3)
    return 5 + shown
  }

  mutating func step(_ action: Int) -> Transition<Int> {
    let isRight = action + 1 == shown
    steps += 1
    return Transition(show(), reward: isRight ? 1 : 0, isTruncated: steps == 10)
  }
}

/// One step, two arms, of which the second pays.
struct BanditTask: Environment {
  let spec = EnvironmentSpec(id: "Bandit", maximumEpisodeSteps: 1)
  let observationSpace = Space.box(Box(shape: [1], low: .same(0), high: .same(1)))
  let actionSpace = Space.discrete(Discrete(2))

  func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] { [1] }

  func step(_ action: Int) -> Transition<[Float]> {
    Transition([1], reward: Double(action), isTerminated: true)
  }
}

/// The first of four actions decides, and the reward comes with the last; what was decided can be seen all the way.
struct DelayedTask: Environment {
  private var isRight = false
  private var steps = 0
  let spec = EnvironmentSpec(id: "Delayed", maximumEpisodeSteps: 4)
  let observationSpace = Space.discrete(Discrete(9))
  let actionSpace = Space.discrete(Discrete(2))

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> Int {
    steps = 0
    return 0
  }

  mutating func step(_ action: Int) -> Transition<Int> {
    if steps == 0 { isRight = action == 1 }
    steps += 1
    let isLast = steps == 4
    return Transition(isRight ? steps : 4 + steps, reward: isLast && isRight ? 1 : 0, isTerminated: isLast)
  }
}

/// Say the number that you see, as exactly as you can.
struct TargetTask: Environment {
  private var generator = PCG64(seed: 0)
  private var shown: Float = 0
  private var steps = 0
  let spec = EnvironmentSpec(id: "Target", maximumEpisodeSteps: 5)
  let observationSpace = Space.box(Box(shape: [1], low: .same(-1), high: .same(1)))
  let actionSpace = Space.box(Box(shape: [1], low: .same(-2), high: .same(2)))

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) -> [Float] {
    if let seed { generator = PCG64(seed: seed) }
    steps = 0
    return show()
  }

  private mutating func show() -> [Float] {
    shown = Float(generator.uniform(-1, 1))
    return [shown]
  }

  mutating func step(_ action: [Float]) -> Transition<[Float]> {
    let error = Double(action[0] - shown)
    steps += 1
    return Transition(show(), reward: -error * error, isTruncated: steps == 5)
  }
}

/// Sub-environments of one type, stepped in this process.
func vector<Task: Environment>(_ count: Int, _ make: @escaping () -> Task) -> LocalVectorEnvironment {
  LocalVectorEnvironment(EnvironmentArray(count: count, make: make))
}
