import Kernels
import Testing

@Suite("Reductions against their naive twins")
struct ReductionTests {
  @Test("sum, dot product, squares and axpy agree at every length", arguments: [0, 1, 3, 7, 8, 17, 33, 65, 127, 4001])
  func agree(count: Int) {
    var generator = TestGenerator(state: UInt64(count) + 5)
    let left = generator.floats(count)
    let right = generator.floats(count)
    let tolerance = 1e-13 * Double(count + 1)
    #expect(abs(Kernel.sum(left, count: count) - Reference.sum(left, count: count)) <= tolerance)
    #expect(abs(Kernel.dot(left, right, count: count) - Reference.dot(left, right, count: count)) <= tolerance)
    #expect(
      abs(
        Kernel.sumOfSquares(left, around: 0.25, count: count)
          - Reference.sumOfSquares(left, around: 0.25, count: count)
      ) <= tolerance
    )
    var expected = right
    var actual = right
    Reference.accumulate(0.3, times: left, count: count, into: &expected)
    Kernel.accumulate(0.3, times: left, count: count, into: &actual)
    #expect(largestDifference(expected, actual) <= 1.2e-7)
  }

  @Test("mean, variance and norm of 1, 2, 3, 4 are 2.5, 1.25 and the root of 30; of nothing, 0")
  func closedForms() {
    let values: [Float] = [1, 2, 3, 4]
    #expect(Kernel.mean(values, count: 4) == 2.5)
    #expect(Kernel.variance(values, count: 4) == 1.25)
    #expect(Kernel.norm(values, count: 4) == 30.0.squareRoot())
    #expect(Kernel.mean(values, count: 0) == 0 && Kernel.variance(values, count: 0) == 0)
  }

  @Test("the variance of numbers far from zero keeps its digits")
  func varianceIsTwoPass() {
    let values = (0..<1001).map { Float(10_000_000 + $0 % 2) }
    #expect(abs(Kernel.variance(values, count: 1001) - 500.0 / 1001 * 501 / 1001) < 1e-9)
  }

  @Test("Adam agrees with its twin over several steps", arguments: [1, 7, 17, 65, 127])
  func adam(count: Int) {
    var generator = TestGenerator(state: UInt64(count))
    var expected = (generator.floats(count), [Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
    var actual = expected
    for step in 1...20 {
      let gradients = generator.floats(count)
      let coefficients = AdamCoefficients(step: step, learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
      Reference.adamStep(
        &expected.0,
        gradients: gradients,
        firstMoment: &expected.1,
        secondMoment: &expected.2,
        count: count,
        coefficients: coefficients
      )
      Kernel.adamStep(
        &actual.0,
        gradients: gradients,
        firstMoment: &actual.1,
        secondMoment: &actual.2,
        count: count,
        coefficients: coefficients
      )
    }
    let difference = largestDifference(expected.0, actual.0)
    print("adam of \(count): largest difference \(difference)")
    #expect(difference <= 1e-6)
    #expect(largestDifference(expected.1, actual.1) <= 1e-6 && largestDifference(expected.2, actual.2) <= 1e-6)
  }
}
