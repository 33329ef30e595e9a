import Environments

/// An environment that terminates after `length` steps, earns its step number, and observes [episode, step].
struct Countdown: Environment {
  var length: Int
  var episode = 0
  var step = 0
  var generator = PCG64()

  let spec = EnvironmentSpec(id: "Countdown-v0")
  let observationSpace = Space.box(Box(shape: [3], type: .float64, low: .same(0), high: .same(.infinity)))
  let actionSpace = Space.discrete(Discrete(10))

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> [Double] {
    if options["refused"] != nil { throw EnvironmentError.invalidOptions("the option refused is refused") }
    if let seed { generator = PCG64(seed: seed) }
    episode += 1
    step = 0
    return [Double(episode), 0, generator.uniform()]
  }

  mutating func step(_ action: Int) throws -> Transition<[Double]> {
    if action == 9 { throw EnvironmentError.failed("the environment broke") }
    step += 1
    let info: [String: PlainValue] = action == 8 ? ["step": .number(Double(step))] : [:]
    return Transition(
      [Double(episode), Double(step), 0],
      reward: Double(step),
      isTerminated: step == length,
      info: info
    )
  }
}
