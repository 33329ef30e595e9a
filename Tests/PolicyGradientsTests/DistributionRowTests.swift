import Environments
import Testing

import PolicyGradients

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

  @Test("normalised parameters of many rows give the bits of single rows as they were", arguments: [0, 1, 7, 32, 97])
  func normalization(rows: Int) {
    let (original, width, actionWidth) = (parameters(rows: rows), family.parameterCount, family.actionCount)
    // The new policy's row is the old one's next.
    let other = Array(original.dropFirst(width) + original.prefix(width))
    var (old, new, generator) = (original, other, PCG64(seed: 5))
    var actions = [Float](repeating: 0, count: rows * actionWidth)
    for index in 0..<rows {
      actions.withUnsafeMutableBufferPointer { actions in
        guard let start = actions.baseAddress else { return }
        family.sample(row(index, of: original, width: width), using: &generator, into: start + index * actionWidth)
      }
    }
    let (normalized, nothing) = (family.normalized, [Float](repeating: -1, count: rows))
    family.normalize(&old, rows: rows)
    family.normalize(&new, rows: rows)
    var (logs, entropies, divergences) = (nothing, nothing, nothing)
    normalized.logProbabilities(old, of: actions, rows: rows, into: &logs)
    normalized.entropies(old, rows: rows, into: &entropies)
    normalized.divergences(from: old, to: new, rows: rows, into: &divergences)
    let weights = (0..<rows).map { Float($0) / 8 - 1 }
    var gradients = [Float](repeating: 0, count: rows * width)
    normalized.addGradients(old, of: actions, rows: rows, weights: weights, entropyWeight: 0.2, into: &gradients)

    for index in 0..<rows {
      let (z, next) = (row(index, of: original, width: width), row(index, of: other, width: width))
      let action = row(index, of: actions, width: actionWidth)
      #expect(logs[index] == family.logProbability(z, of: action))
      #expect(entropies[index] == family.entropy(z))
      #expect(divergences[index].bitPattern == family.divergence(from: z, to: next).bitPattern)
      var gradient = [Float](repeating: 0, count: width)
      family.addGradient(z, of: action, weight: weights[index], entropyWeight: 0.2, into: &gradient)
      #expect(row(index, of: gradients, width: width) == gradient)
    }
  }
}
