import Environments
import Foundation
import NeuralNetworks
import PolicyGradients
import Testing

@Suite("Stein's step")
struct SteinPolicyStepTests {
  private static let (rows, particles, alpha) = (66, 5, 0.4)

  private func network(_ sizes: [Int], seed: UInt64) throws -> MLP {
    let network = try MLP(sizes: sizes, activation: .tanh)
    var generator = PCG64(seed: seed)
    network.initializeLikeTorch(using: &generator)
    return network
  }

  private func sample(width: Int) throws -> ReplaySample {
    let replay = try ReplayBuffer(ReplayLayout(capacity: Self.rows + 2, observationWidth: width, actionWidth: 1))
    var generator = PCG64(seed: 9)
    func observation() -> [Float] { (0..<width).map { _ in Float(generator.normal()) } }
    replay.begin(lane: 0, observation())
    for _ in 0..<Self.rows { replay.record(lane: 0, action: [0], reward: 0, end: .none, next: observation()) }
    let sample = ReplaySample()
    replay.sample(Self.rows, discount: 0.9, into: sample, using: &generator)
    return sample
  }

  /// Δ of the particles of one observation, as the paper has it: sums over all pairs, the median by sorting, and the
  /// gradient of ln of the target density by finite differences.
  private func moves(_ x: [[Double]], logDensity: ([Double]) -> Double) -> [[Double]] {
    func square(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    let pairs = x.indices.flatMap { i in (0..<i).map { square(x[i], x[$0]) } }.sorted()
    let h = pairs[pairs.count / 2] / log(Double(x.count + 1))
    func slope(_ f: ([Double]) -> Double, _ point: [Double], _ index: Int, _ step: Double) -> Double {
      var (up, down) = (point, point)
      up[index] += step
      down[index] -= step
      return (f(up) - f(down)) / (2 * step)
    }
    return x.map { target in
      target.indices.map { index in
        x.reduce(0) { sum, source in
          let kernel = exp(-square(source, target) / h)
          return sum + kernel * slope(logDensity, source, index, 2e-2)
            + slope({ exp(-square($0, target) / h) }, source, index, 1e-5)
        } / Double(x.count)
      }
    }
  }

  @Test(
    "its gradient is that of finite differences, the particles' moves those of the literal formula", arguments: [1, 2])
  func gradient(width: Int) throws {
    let policy = try network([3 + width, 6, width], seed: 1)
    let critics = try Critics(count: 1, inputWidth: 3 + width, hiddenSizes: [6], activation: .tanh)
    var generator = PCG64(seed: 2)
    critics.initialize(.torch, using: &generator)
    let optimizer = NoStep()
    let halves = Halves(helper: nil)
    let step = SteinPolicyStep(
      policy, optimizer: optimizer, CriticLearner(critics, optimizer: NoStep(), halves: halves), halves,
      particles: Self.particles, temperature: Float(Self.alpha))
    let sample = try sample(width: 3)
    var drawing = PCG64(seed: 4)
    step.draw(sample, using: &drawing)
    step.move(sample)

    var repeated = PCG64(seed: 4)
    let inputs = (0..<Self.rows).flatMap { row in
      (0..<Self.particles).map { _ in
        (0..<3).map { sample.observations[row * 3 + $0] } + (0..<width).map { _ in Float(repeated.normal()) }
      }
    }
    func particles() -> [[Double]] {
      let outputs = policy.outputs(inputs.flatMap { $0 }).map(Double.init)
      return inputs.indices.map { Array(outputs[$0 * width..<($0 + 1) * width]) }
    }
    let x = particles()
    let delta = (0..<Self.rows).flatMap { row in
      let observation = (0..<3).map { sample.observations[row * 3 + $0] }
      return moves(Array(x[row * Self.particles..<(row + 1) * Self.particles])) { x in
        let value = critics.networks[0].outputs(observation + x.map { Float(tanh($0)) })[0]
        return Double(value) / Self.alpha + x.reduce(0) { $0 + log(1 - tanh($1) * tanh($1)) }
      }
    }
    func loss() -> Double {
      -zip(particles(), delta).reduce(0) { sum, pair in zip(pair.0, pair.1).reduce(sum) { $0 + $1.0 * $1.1 } }
        / Double(Self.rows * Self.particles)
    }
    for index in stride(from: 0, to: policy.parameterCount, by: 5) {
      let old = policy.parameters.values[index]
      policy.parameters.values[index] = old + 5e-3
      let up = loss()
      policy.parameters.values[index] = old - 5e-3
      let down = loss()
      policy.parameters.values[index] = old
      let difference = (up - down) / 1e-2
      #expect(abs(difference - Double(optimizer.gradient[index])) < 2e-3 + 1e-2 * abs(difference), "parameter \(index)")
    }
  }

  @Test("particles come to be spread as a density with two tops says, each top with its share")
  func twoTops() throws {
    // The moves alone, without a network: 40 particles of one observation that follow them.
    let sampler = SteinSampler(particles: 40, width: 1)
    var generator = PCG64(seed: 3)
    var x = (0..<40).map { _ in Float(generator.normal()) }
    for _ in 0..<2_000 {
      // ln of an even mixture of normal densities at -2 and 2 with σ = 0.5.
      let scores = x.map { x in
        let (left, right) = (expf(-2 * (x + 2) * (x + 2)), expf(-2 * (x - 2) * (x - 2)))
        return (left * -4 * (x + 2) + right * -4 * (x - 2)) / max(left + right, 1e-30)
      }
      var moves = [Float](repeating: 0, count: 40)
      sampler.moves(x, scores: scores, into: &moves)
      for index in x.indices { x[index] += 0.1 * moves[index] }
    }
    let upper = x.filter { $0 > 0 }
    #expect((12...28).contains(upper.count))
    for (side, top) in [(upper, Float(2)), (x.filter { $0 <= 0 }, -2)] {
      let mean = side.reduce(0, +) / Float(side.count)
      let deviation = (side.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(side.count)).squareRoot()
      #expect(abs(mean - top) < 0.3 && (0.25...0.75).contains(deviation), "\(mean) ± \(deviation)")
    }
  }
}
