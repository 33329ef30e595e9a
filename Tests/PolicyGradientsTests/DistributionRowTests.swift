import Environments
import Testing

@testable import PolicyGradients

@Suite("Many rows of distributions at once against single rows")
struct DistributionRowTests {
  private let family = ProductDistribution([
    .categorical(Categorical(choices: 2)), .gaussian(DiagonalGaussian(dimensions: 2)), .bernoulli(Bernoulli()),
    .categorical(Categorical(choices: 5)),
  ])

  /// Parameters of `rows` rows; every third row has a choice of which only one is legal, and huge logits.
  private func parameters(rows: Int) -> [Float] {
    var generator = PCG64(seed: 4)
    var numbers = (0..<rows * family.parameterCount).map { _ in Float(3 * generator.normal()) }
    for row in stride(from: 0, to: rows, by: 3) {
      let first = row * family.parameterCount
      numbers[first + row % 2] = -.infinity
      numbers[first + 7] = -.infinity
      numbers[first + 8 + row % 4] = 1e30
    }
    return numbers
  }

  private func row(_ index: Int, of numbers: [Float], width: Int) -> [Float] {
    Array(numbers[index * width..<(index + 1) * width])
  }

  @Test("each row draws what it draws alone, and leaves its generator where it is then", arguments: [0, 1, 7, 32, 97])
  func samples(rows: Int) {
    var parameters = parameters(rows: rows)
    let original = parameters
    var generators = (0..<rows).map { PCG64(seed: 9, stream: UInt32($0)) }
    var alone = generators
    var actions = [Float](repeating: 0, count: rows * family.actionCount)
    family.sample(consuming: &parameters, rows: rows, using: &generators, into: &actions)
    for index in 0..<rows {
      var expected = [Float](repeating: 0, count: family.actionCount)
      family.sample(
        row(index, of: original, width: family.parameterCount), using: &alone[index], into: &expected)
      #expect(row(index, of: actions, width: family.actionCount) == expected)
    }
    #expect(generators == alone)
  }

  @Test("normalised parameters give the same bits", arguments: [0, 1, 7, 32, 97])
  func normalization(rows: Int) {
    let (original, width) = (parameters(rows: rows), family.parameterCount)
    let normalized = family.normalized
    var parameters = original
    family.normalize(&parameters, rows: rows)
    #expect(normalized.parameterCount == width && normalized.actionCount == family.actionCount)
    var generator = PCG64(seed: 5)
    for index in 0..<rows {
      let (z, other) = (row(index, of: original, width: width), row(rows - 1 - index, of: original, width: width))
      let (l, otherL) = (row(index, of: parameters, width: width), row(rows - 1 - index, of: parameters, width: width))
      var action = [Float](repeating: 0, count: family.actionCount)
      family.sample(z, using: &generator, into: &action)
      #expect(normalized.logProbability(l, of: action) == family.logProbability(z, of: action))
      #expect(normalized.entropy(l) == family.entropy(z))
      let (divergence, expected) = (normalized.divergence(from: l, to: otherL), family.divergence(from: z, to: other))
      #expect(divergence.bitPattern == expected.bitPattern)
      var (gradient, expectedGradient) = ([Float](repeating: 0, count: width), [Float](repeating: 0, count: width))
      normalized.addGradient(l, of: action, weight: 0.7, entropyWeight: 0.2, into: &gradient)
      family.addGradient(z, of: action, weight: 0.7, entropyWeight: 0.2, into: &expectedGradient)
      #expect(gradient == expectedGradient)
    }
  }
}
