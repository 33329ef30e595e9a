import Kernels
import Testing

@Suite("Reductions against their naive twins")
struct ReductionTests {
  @Test("sum, dot product and squares agree at every length", arguments: [0, 1, 3, 7, 8, 17, 33, 65, 127, 4001])
  func agree(count: Int) {
    var generator = TestGenerator(state: UInt64(count) + 5)
    let left = generator.floats(count)
    let right = generator.floats(count)
    let tolerance = 1e-13 * Double(count + 1)
    let (sum, dot) = (Kernel.sum(left, count: count), Kernel.dot(left, right, count: count))
    let squares = Kernel.sumOfSquares(left, around: 0.25, count: count)
    #expect(abs(sum - Reference.sum(left, count: count)) <= tolerance)
    #expect(abs(dot - Reference.dot(left, right, count: count)) <= tolerance)
    #expect(abs(squares - Reference.sumOfSquares(left, around: 0.25, count: count)) <= tolerance)
    for variant in KernelVariant.allCases {
      #expect(Kernel.sum(left, count: count, variant: variant) == sum, "\(variant)")
      #expect(Kernel.dot(left, right, count: count, variant: variant) == dot, "\(variant)")
      #expect(Kernel.sumOfSquares(left, around: 0.25, count: count, variant: variant) == squares, "\(variant)")
    }
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
}
