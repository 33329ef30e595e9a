import Environments
import PolicyGradients
import Testing

private func exponential(_ x: Float) -> Float { Float(power(2.718281828459045, Double(x))) }

/// x to a real power by its series, so that the tests need no platform's library.
private func power(_ base: Double, _ exponent: Double) -> Double {
  // e^x = (e^(x/1024))^1024, and the series of a small argument converges at once.
  let small = exponent / 1024
  var (sum, term) = (1.0, 1.0)
  for index in 1...12 {
    term *= small / Double(index)
    sum += term
  }
  return (0..<10).reduce(sum) { result, _ in result * result }
}

@Suite("Distributions over actions")
struct DistributionTests {
  static let all: [(name: String, family: ProductDistribution, parameters: [Float], action: [Float])] = [
    ("categorical", ProductDistribution([.categorical(Categorical(choices: 3))]), [0.5, -1, 2], [2]),
    ("Gaussian", ProductDistribution([.gaussian(DiagonalGaussian(dimensions: 2))]), [0.3, -2, -0.5, 0.25], [0.9, -1]),
    ("Bernoulli", ProductDistribution([.bernoulli(Bernoulli())]), [0.7], [1]),
    (
      "product",
      ProductDistribution([
        .categorical(Categorical(choices: 2)), .gaussian(DiagonalGaussian(dimensions: 1)), .bernoulli(Bernoulli()),
      ]), [0.1, -0.4, 1.5, -0.2, -1.1], [0, 1, 0]
    ),
  ]

  @Test("a categorical's logarithm of the probability is that of the softmax")
  func categoricalProbability() {
    let family = Categorical(choices: 3)
    let total = exponential(0.5) + exponential(-1) + exponential(2)
    for (index, logit) in ([0.5, -1, 2] as [Float]).enumerated() {
      let probability = exponential(family.logProbability([0.5, -1, 2], of: [Float(index)]))
      #expect(abs(probability - exponential(logit) / total) < 1e-6)
    }
  }

  @Test("uniform choices have entropy ln n, and huge logits neither overflow nor lose it")
  func categoricalEntropy() {
    let family = Categorical(choices: 4)
    #expect(abs(family.entropy([7, 7, 7, 7]) - 1.3862944) < 1e-5)
    #expect(abs(family.entropy([1e30, 1e30, -1e30, -1e30]) - 0.6931472) < 1e-5)
  }

  @Test("a standard normal number has density 1/√2π at 0 and entropy ½ ln 2πe")
  func gaussian() {
    let family = DiagonalGaussian(dimensions: 1)
    #expect(abs(family.logProbability([0, 0], of: [0]) + 0.9189385) < 1e-6)
    #expect(abs(family.logProbability([1, 0.6931472], of: [5]) + 0.9189385 + 0.6931472 + 2) < 1e-5)
    #expect(abs(family.entropy([3, 0]) - 1.4189385) < 1e-6)
    // KL(N(0, 1) ‖ N(1, 2²)) = ln 2 + (1 + 1)/8 - 1/2.
    #expect(abs(family.divergence(from: [0, 0], to: [1, 0.6931472]) - (0.6931472 + 0.25 - 0.5)) < 1e-5)
  }

  @Test("a bit with logit ln 3 is 1 three times out of four")
  func bernoulli() {
    let family = Bernoulli()
    #expect(abs(exponential(family.logProbability([1.0986123], of: [1])) - 0.75) < 1e-5)
    #expect(abs(exponential(family.logProbability([1.0986123], of: [0])) - 0.25) < 1e-5)
    #expect(abs(family.entropy([0]) - 0.6931472) < 1e-6)
    #expect(family.logProbability([200], of: [1]) == 0)
    #expect(family.logProbability([200], of: [0]) == -200)
  }

  @Test("the divergence from itself is 0, and from anything else more", arguments: all.indices)
  func divergence(index: Int) {
    let (_, family, parameters, _) = Self.all[index]
    #expect(abs(family.divergence(from: parameters, to: parameters)) < 1e-6)
    var other = parameters
    other[0] += 0.5
    #expect(family.divergence(from: parameters, to: other) > 1e-3)
  }

  @Test("the mode is the most probable action", arguments: all.indices)
  func mode(index: Int) {
    let (_, family, parameters, _) = Self.all[index]
    var mode = [Float](repeating: 0, count: family.actionCount)
    family.mode(parameters, into: &mode)
    let best = family.logProbability(parameters, of: mode)
    var (generator, sample) = (PCG64(seed: 1), mode)
    for _ in 0..<200 {
      family.sample(parameters, using: &generator, into: &sample)
      #expect(family.logProbability(parameters, of: sample) <= best)
    }
  }

  @Test("the mean of -ln π over many samples is the entropy", arguments: all.indices)
  func samplesHaveTheEntropy(index: Int) {
    let (name, family, parameters, _) = Self.all[index]
    var (generator, sample, sum) = (PCG64(seed: 7), [Float](repeating: 0, count: family.actionCount), 0.0)
    for _ in 0..<20_000 {
      family.sample(parameters, using: &generator, into: &sample)
      sum -= Double(family.logProbability(parameters, of: sample))
    }
    #expect(abs(sum / 20_000 - Double(family.entropy(parameters))) < 0.03, "\(name)")
  }

  @Test("the gradients of ln π and of the entropy are those of finite differences", arguments: all.indices)
  func gradients(index: Int) {
    let (name, family, parameters, action) = Self.all[index]
    var gradient = [Float](repeating: 0, count: parameters.count)
    family.addGradient(parameters, of: action, weight: 1.5, entropyWeight: 0.5, into: &gradient)
    for column in parameters.indices {
      func value(_ shift: Float) -> Float {
        var shifted = parameters
        shifted[column] += shift
        return 1.5 * family.logProbability(shifted, of: action) + 0.5 * family.entropy(shifted)
      }
      let difference = (value(1e-2) - value(-1e-2)) / 2e-2
      #expect(abs(difference - gradient[column]) < 2e-3, "\(name), parameter \(column)")
    }
  }

  @Test("samples come as often as their probabilities say")
  func frequencies() {
    let family = Categorical(choices: 3)
    var (generator, counts, action) = (PCG64(seed: 3), [0, 0, 0], [Float.zero])
    for _ in 0..<30_000 {
      family.sample([0, 0.6931472, 1.0986123], using: &generator, into: &action)
      counts[Int(action[0])] += 1
    }
    // Probabilities 1/6, 2/6, 3/6; five standard deviations are at most 433.
    for (count, expected) in zip(counts, [5000, 10_000, 15_000]) { #expect(abs(count - expected) < 433) }
  }
}

@Suite("Action masks")
struct ActionMaskTests {
  private let family = ProductDistribution([
    .categorical(Categorical(choices: 3)), .categorical(Categorical(choices: 2)),
  ])

  @Test("a masked choice is never drawn, has no probability and no gradient")
  func maskedChoice() {
    var parameters: [Float] = [5, 1, 2, 3, 0]
    #expect(family.maskCount == 5)
    #expect(family.apply(mask: [0, 1, 1, 0, 1], to: &parameters))
    var (generator, action, gradient) = (
      PCG64(seed: 2), [Float](repeating: 0, count: 2), [Float](repeating: 0, count: 5)
    )
    for _ in 0..<500 {
      family.sample(parameters, using: &generator, into: &action)
      #expect(action[0] != 0 && action[1] == 1)
    }
    family.mode(parameters, into: &action)
    #expect(action == [2, 1])
    family.addGradient(parameters, of: action, weight: 1, entropyWeight: 1, into: &gradient)
    #expect(gradient[0] == 0 && gradient[3] == 0 && gradient.allSatisfy(\.isFinite))
    // Two choices are left of the first part and one of the second: H = -Σ p ln p of softmax(1, 2).
    #expect(abs(family.entropy(parameters) - 0.5822) < 1e-4)
    #expect(family.divergence(from: parameters, to: parameters) == 0)
  }

  @Test("a mask that forbids everything is reported")
  func nothingLegal() {
    var parameters: [Float] = [5, 1, 2, 3, 0]
    #expect(!family.apply(mask: [1, 1, 1, 0, 0], to: &parameters))
  }
}
