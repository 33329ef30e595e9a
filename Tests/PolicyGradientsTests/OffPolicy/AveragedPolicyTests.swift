import Environments
import NeuralNetworks
import PolicyGradients
import Testing

@Suite("A policy that is kept near to its average")
struct AveragedPolicyTests {
  private func numbers(_ count: Int, _ generator: inout PCG64) -> [Float] {
    (0..<count).map { _ in Float(generator.normal()) }
  }

  @Test("A step leads away no faster than it may, and no step that may be taken is nearer to what was wanted")
  func projection() {
    var generator = PCG64(seed: 31)
    let rule = DivergenceLimit(limit: 0.5)
    var shortened = 0
    for _ in 0..<200 {
      let (wanted, k) = (numbers(5, &generator), numbers(5, &generator))
      func slope(_ step: [Float]) -> Float { zip(step, k).reduce(0) { $0 + $1.0 * $1.1 } }
      func distance(_ step: [Float]) -> Float { zip(step, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
      var step = wanted
      rule.apply(to: &step, divergenceGradient: k, count: 5)
      #expect(slope(step) < 0.5 + 1e-4)
      if slope(wanted) <= 0.5 {
        #expect(step == wanted)
        continue
      }
      shortened += 1
      for _ in 0..<20 {
        // Another step at random, moved to where it may be taken.
        let other = zip(step, numbers(5, &generator)).map { $0 + 0.3 * $1 }
        let excess = max(0, slope(other) - 0.5) / k.reduce(0) { $0 + $1 * $1 }
        let allowed = zip(other, k).map { $0 - excess * $1 }
        #expect(distance(allowed) >= distance(step) - 1e-4)
      }
    }
    #expect(shortened > 50)
    var step: [Float] = [3, 4]
    rule.apply(to: &step, divergenceGradient: [0, 0], count: 2)
    #expect(step == [3, 4])
  }

  @Test("Steps follow the gradient of finite differences, in halves too, and the average follows by its share")
  func gradient() throws {
    var generator = PCG64(seed: 32)
    let network = try MLP(sizes: [3, 6, 2], activation: .tanh)
    network.initializeLikeTorch(using: &generator)
    let optimizer = NoStep()
    let descent = GradientDescent(network.parameters, optimizer: optimizer, maximumNorm: 0)
    let policy = try AveragedPolicy(network, descent: descent, rate: 0.25)
    let (observations, weights) = (numbers(120, &generator), numbers(80, &generator))
    func loss() -> Double {
      zip(network.outputs(observations), weights).reduce(0) { $0 + Double($1.0 * $1.1) }
    }
    descent.zero()
    observations.withUnsafeBufferPointer { observations in
      weights.withUnsafeBufferPointer { weights in
        guard let o = observations.baseAddress, let w = weights.baseAddress else { return }
        for (half, rows) in [(0, 0..<24), (1, 24..<40)] {
          _ = policy.forward(o + 3 * rows.lowerBound, rows: rows.count, half: half)
          policy.accumulate(w + 2 * rows.lowerBound, o + 3 * rows.lowerBound, half: half)
        }
      }
    }
    let before = policy.average.array
    #expect(before == network.array)
    network.parameters.values[0] += 1
    _ = try policy.step()
    #expect(abs(policy.average.array[0] - before[0] - 0.25) < 1e-5)
    #expect(policy.average.array.dropFirst() == before.dropFirst())
    network.parameters.values[0] -= 1
    expectGradient(optimizer.gradient, of: network.parameters, loss)
  }

  @Test("A gradient that is too long is shortened, and one that is not finite is refused before a step")
  func norm() throws {
    let (parameters, optimizer) = (Parameters(count: 2), NoStep())
    let descent = GradientDescent(parameters, optimizer: optimizer, maximumNorm: 1)
    (parameters.gradients[0], parameters.gradients[1]) = (3, 4)
    #expect(try descent.step("gradient") == 5)
    #expect(abs(optimizer.gradient[0] - 0.6) < 1e-5 && abs(optimizer.gradient[1] - 0.8) < 1e-5)
    parameters.gradients[0] = .nan
    optimizer.gradient = []
    #expect(throws: TrainingError.self) { try descent.step("gradient") }
    #expect(optimizer.gradient.isEmpty)
  }

  @Test("The gradient of the squashed Gaussian's entropy is that of finite differences")
  func entropy() {
    let (family, samples) = (SquashedGaussian(dimensions: 2), 40)
    var generator = PCG64(seed: 33)
    var parameters: [Float] = [0.5, -1.2, -0.3, 0.4]
    let noise = numbers(2 * samples, &generator)
    func entropy(_ gradient: inout [Float]) -> Float {
      family.addEntropyGradient(parameters, noise: noise, stride: 2, samples: samples, weight: 1, into: &gradient)
    }
    var (gradient, ignored) = ([Float](repeating: 0, count: 4), [Float](repeating: 0, count: 4))
    let start = entropy(&gradient)
    // It is the mean of -ln π(u) but for what the noise itself adds, ½ - ½ ε².
    var plain: Float = 0
    for sample in 0..<samples {
      var u: [Float] = [0, 0]
      let epsilon = Array(noise[2 * sample..<2 * sample + 2])
      family.sample(parameters, noise: epsilon, rows: 1, into: &u, stride: 2, logProbabilities: nil)
      let surprise = -family.logProbability(parameters, of: u) + 1
      plain += (surprise - 0.5 * epsilon.reduce(0) { $0 + $1 * $1 }) / Float(samples)
    }
    #expect(abs(start - plain) < 1e-3)
    for index in 0..<4 {
      parameters[index] += 5e-3
      let up = entropy(&ignored)
      parameters[index] -= 1e-2
      let down = entropy(&ignored)
      parameters[index] += 5e-3
      #expect(abs((up - down) / 1e-2 - gradient[index]) < 3e-3)
    }
  }
}
