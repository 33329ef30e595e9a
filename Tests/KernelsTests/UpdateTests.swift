import Kernels
import Testing

@Suite("Updates of vectors against their naive twins")
struct UpdateTests {
  static let lengths = [0, 1, 3, 7, 8, 17, 33, 65, 127, 4001]

  @Test("y += a x agrees at every length, in every variant, and touches nothing beyond", arguments: lengths)
  func accumulate(count: Int) {
    for variant in KernelVariant.available {
      var generator = TestGenerator(state: UInt64(count))
      let values = generator.floats(count)
      var expected = generator.floats(count) + [-77]
      var actual = expected
      Reference.accumulate(0.3, times: values, count: count, into: &expected)
      Kernel.accumulate(0.3, times: values, count: count, into: &actual, variant: variant)
      #expect(largestDifference(expected, actual) <= 1.2e-7, "\(variant)")
    }
  }

  @Test("a slow copy moves the same part of the way at every length, in every variant", arguments: lengths)
  func move(count: Int) {
    for variant in KernelVariant.available {
      var generator = TestGenerator(state: UInt64(count))
      let source = generator.floats(count)
      var expected = generator.floats(count) + [-77]
      var actual = expected
      Reference.move(&expected, towards: source, rate: 0.05, count: count)
      Kernel.move(&actual, towards: source, rate: 0.05, count: count, variant: variant)
      #expect(largestDifference(expected, actual) <= 1.2e-7, "\(variant)")
    }
  }

  @Test("Adam agrees over twenty steps, in every variant that this processor runs", arguments: [1, 7, 17, 65, 127])
  func adam(count: Int) {
    for variant in KernelVariant.available {
      var generator = TestGenerator(state: UInt64(count))
      var expected = Moments(parameters: generator.floats(count))
      var actual = expected
      for step in 1...20 {
        let gradients = generator.floats(count)
        let coefficients = AdamCoefficients(step: step, learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
        Reference.adamStep(
          &expected.parameters,
          gradients: gradients,
          firstMoment: &expected.first,
          secondMoment: &expected.second,
          count: count,
          coefficients: coefficients
        )
        Kernel.adamStep(
          &actual.parameters,
          gradients: gradients,
          firstMoment: &actual.first,
          secondMoment: &actual.second,
          count: count,
          coefficients: coefficients,
          variant: variant
        )
      }
      #expect(largestDifference(expected.parameters, actual.parameters) <= 1e-6, "\(variant)")
      #expect(largestDifference(expected.first, actual.first) <= 1e-6, "\(variant)")
      #expect(largestDifference(expected.second, actual.second) <= 1e-6, "\(variant)")
    }
  }
}

private struct Moments {
  var parameters: [Float]
  var first: [Float]
  var second: [Float]

  init(parameters: [Float]) {
    self.parameters = parameters
    first = [Float](repeating: 0, count: parameters.count)
    second = first
  }
}
