import Environments

/// Numbers of all sizes, and episodes of a few steps: what replies are made of.
struct Drift: Environment {
  private var generator = PCG64()
  private var left = 0

  let spec = EnvironmentSpec(id: "Drift")
  let observationSpace = Space.box(Box(shape: [3], low: .same(-.infinity), high: .same(.infinity)))
  let actionSpace = Space.discrete(Discrete(3))

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> [Float] {
    if let seed { generator = PCG64(seed: seed) }
    left = 1 + Int(generator.uniform() * 12)
    return observe()
  }

  mutating func step(_ action: Int) throws -> Transition<[Float]> {
    left -= 1
    return Transition(observe(), reward: Double(action) + 0.5 * Double(left % 2), isTruncated: left == 0)
  }

  private mutating func observe() -> [Float] {
    (0..<3).map { _ in
      let number = Float(generator.normal())
      switch Int(generator.uniform() * 8) {
      case 0: return 0
      case 1: return number * 1e-6
      case 2: return number * 1e12
      case 3: return number.rounded()
      default: return number
      }
    }
  }
}
