import Kernels
import Testing

@Suite("Normal numbers and squashed Gaussians against their naive twins")
struct GaussianTests {
  static let sizes = [(1, 1), (7, 1), (16, 3), (33, 2), (100, 1), (101, 5)]

  @Test("actions, ln π and gradients agree, at every number of rows and dimensions", arguments: sizes)
  func squashed(rows: Int, dimensions: Int) {
    var generator = TestGenerator(state: UInt64(rows * 10 + dimensions))
    let stride = dimensions + 3
    // Some ln σ are beyond either end, and some means are so large that tanh is 1.
    let parameters = generator.floats(rows * 2 * dimensions, in: -4...4).enumerated().map { index, value in
      index % (2 * dimensions) < dimensions ? value * 3 : (index % 7 == 0 ? value * 8 : value)
    }
    let noise = generator.floats(rows * dimensions, in: -3...3)
    let actionGradients = generator.floats(rows * dimensions)
    let blank = [Float](repeating: -77, count: rows * stride)
    var expected = Results(blank, rows, dimensions)
    Reference.squashedGaussianSample(
      parameters, noise: noise, rows: rows, dimensions: dimensions, into: &expected.actions, stride: stride,
      logProbabilities: &expected.logProbabilities)
    let actions = expected.actions
    Reference.squashedGaussianGradient(
      parameters, noise: noise, rows: rows, dimensions: dimensions, actions: actions, stride: stride,
      actionGradients: actionGradients, gradientStride: dimensions, logWeight: 0.2, into: &expected.gradient)
    for variant in KernelVariant.available {
      var actual = Results(blank, rows, dimensions)
      Kernel.squashedGaussianSample(
        parameters, noise: noise, rows: rows, dimensions: dimensions, into: &actual.actions, stride: stride,
        logProbabilities: &actual.logProbabilities, variant: variant)
      Kernel.squashedGaussianGradient(
        parameters, noise: noise, rows: rows, dimensions: dimensions, actions: actions, stride: stride,
        actionGradients: actionGradients, gradientStride: dimensions, logWeight: 0.2, into: &actual.gradient,
        variant: variant)
      #expect(largestDifference(expected.actions, actual.actions) <= 2e-6, "\(variant)")
      #expect(isNear(expected.logProbabilities, actual.logProbabilities), "\(variant)")
      #expect(isNear(expected.gradient, actual.gradient), "\(variant)")
    }
  }

  @Test("a row's action and ln π have the same bits alone and among others", arguments: KernelVariant.available)
  func rowsAreIndependent(variant: KernelVariant) {
    var generator = TestGenerator(state: 5)
    let parameters = generator.floats(2 * 2 * 37)
    let noise = generator.floats(2 * 37)
    var whole = Results([Float](repeating: 0, count: 2 * 37), 37, 2)
    Kernel.squashedGaussianSample(
      parameters, noise: noise, rows: 37, dimensions: 2, into: &whole.actions, stride: 2,
      logProbabilities: &whole.logProbabilities, variant: variant)
    for row in [0, 1, 15, 16, 36] {
      var alone = Results([Float](repeating: 0, count: 2), 1, 2)
      Kernel.squashedGaussianSample(
        Array(parameters[4 * row..<4 * row + 4]), noise: Array(noise[2 * row..<2 * row + 2]), rows: 1, dimensions: 2,
        into: &alone.actions, stride: 2, logProbabilities: &alone.logProbabilities, variant: variant)
      #expect(bits(alone.actions) == bits(whole.actions[2 * row..<2 * row + 2]))
      #expect(bits(alone.logProbabilities) == bits([whole.logProbabilities[row]]))
    }
  }

  @Test("normal numbers agree with the library's functions", arguments: [1, 3, 8, 17, 100, 1001])
  func normalNumbers(pairs: Int) {
    var generator = TestGenerator(state: UInt64(pairs))
    var uniforms = (0..<2 * pairs).map { _ in 1 - Float.random(in: 0..<1, using: &generator) }
    for index in pairs..<2 * pairs { uniforms[index] = 1 - uniforms[index] }
    uniforms[0] = 1
    uniforms[pairs] = 0.99999994
    var expected = [Float](repeating: -77, count: 2 * pairs + 1)
    Reference.normalNumbers(uniforms, pairs: pairs, into: &expected)
    for variant in KernelVariant.available {
      var actual = [Float](repeating: -77, count: 2 * pairs + 1)
      Kernel.normalNumbers(uniforms, pairs: pairs, into: &actual, variant: variant)
      #expect(largestDifference(expected, actual) <= 2e-6, "\(variant)")
    }
  }

  @Test("normal numbers have the moments of the normal distribution")
  func moments() {
    var generator = TestGenerator(state: 3)
    let pairs = 100_000
    let uniforms =
      (0..<pairs).map { _ in 1 - Float.random(in: 0..<1, using: &generator) }
      + generator.floats(pairs, in: 0...0.9999999)
    var numbers = uniforms
    Kernel.normalNumbers(uniforms, pairs: pairs, into: &numbers)
    func moment(_ power: Int) -> Double {
      numbers.reduce(0) { total, number in total + (0..<power).reduce(1.0) { product, _ in product * Double(number) } }
        / Double(numbers.count)
    }
    // Five standard errors each.
    #expect(abs(moment(1)) < 0.012 && abs(moment(2) - 1) < 0.016 && abs(moment(3)) < 0.044 && abs(moment(4) - 3) < 0.11)
  }

  private func isNear(_ left: [Float], _ right: [Float]) -> Bool {
    zip(left, right).allSatisfy { abs($0 - $1) <= 3e-6 * max(4, abs($0)) }
  }
}

private struct Results {
  var actions: [Float]
  var logProbabilities: [Float]
  var gradient: [Float]

  init(_ actions: [Float], _ rows: Int, _ dimensions: Int) {
    self.actions = actions
    logProbabilities = [Float](repeating: -77, count: rows)
    gradient = [Float](repeating: -77, count: rows * 2 * dimensions)
  }
}
