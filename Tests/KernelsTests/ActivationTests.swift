import Kernels
import Testing

@Suite("Element-wise functions against their naive twins, in every variant that this processor runs")
struct ActivationTests {
  /// Floats of every exponent and both signs, mantissas 8191 apart.
  static let everywhere: [Float] = {
    var inputs: [Float] = []
    for exponent in UInt32(0)..<255 {
      for mantissa in stride(from: UInt32(1), to: 1 << 23, by: 8191) {
        let positive = Float(bitPattern: exponent << 23 | mantissa)
        inputs.append(positive)
        inputs.append(-positive)
      }
    }
    return inputs
  }()

  @Test("tanh is within 2 units in the last place of the true value, everywhere", arguments: KernelVariant.available)
  func tanhIsAccurate(variant: KernelVariant) {
    var results = Self.everywhere
    Kernel.tanh(Self.everywhere, count: results.count, into: &results, variant: variant)
    let worst = worstError(results, doubleTanh)
    print("\(variant), tanh: \(worst.ulps) ulp at \(worst.input)")
    #expect(worst.ulps <= 2)
  }

  @Test("exp is within 2 units in the last place of the true value, everywhere", arguments: KernelVariant.available)
  func expIsAccurate(variant: KernelVariant) {
    var results = Self.everywhere
    Kernel.exp(Self.everywhere, count: results.count, into: &results, variant: variant)
    let worst = worstError(results, doubleExp)
    print("\(variant), exp: \(worst.ulps) ulp at \(worst.input)")
    #expect(worst.ulps <= 2)
  }

  @Test("special values come out as they must", arguments: KernelVariant.available)
  func specialValues(variant: KernelVariant) {
    let inputs: [Float] = [0, -0.0, .infinity, -.infinity, .nan, 89, -200, .leastNonzeroMagnitude, 20, -20]
    let count = inputs.count
    var tanh = inputs
    var exp = inputs
    var relu = inputs
    Kernel.tanh(inputs, count: count, into: &tanh, variant: variant)
    Kernel.exp(inputs, count: count, into: &exp, variant: variant)
    Kernel.relu(inputs, count: count, into: &relu, variant: variant)
    #expect(bits(tanh[0..<4]) == bits([0, -0.0, 1, -1]))
    #expect(tanh[4].isNaN && exp[4].isNaN && relu[4].isNaN)
    #expect(tanh[7] == .leastNonzeroMagnitude && tanh[8] == 1 && tanh[9] == -1)
    #expect(exp[0] == 1 && exp[1] == 1 && exp[2] == .infinity && exp[3] == 0 && exp[5] == .infinity && exp[6] == 0)
    #expect(relu[2] == .infinity && relu[3] == 0 && relu[8] == 20 && relu[9] == 0)
  }

  @Test(
    "every element is computed, at every length, and nothing beyond it is touched",
    arguments: [0, 1, 3, 7, 8, 15, 16, 17, 33, 65, 127, 1000]
  )
  func lengths(count: Int) {
    var generator = TestGenerator(state: UInt64(count))
    let x = generator.floats(count, in: -4...4)
    let y = generator.floats(count)
    for variant in KernelVariant.available {
      compare("tanh", count) {
        Reference.tanh(x, count: count, into: $0)
      } with: {
        Kernel.tanh(x, count: count, into: $0, variant: variant)
      }
      compare("exp", count) {
        Reference.exp(x, count: count, into: $0)
      } with: {
        Kernel.exp(x, count: count, into: $0, variant: variant)
      }
      compare("relu", count) {
        Reference.relu(x, count: count, into: $0)
      } with: {
        Kernel.relu(x, count: count, into: $0, variant: variant)
      }
      compare("tanhGradient", count) {
        Reference.tanhGradient(x, output: y, count: count, into: $0)
      } with: {
        Kernel.tanhGradient(x, output: y, count: count, into: $0, variant: variant)
      }
      compare("reluGradient", count) {
        Reference.reluGradient(x, output: y, count: count, into: $0)
      } with: {
        Kernel.reluGradient(x, output: y, count: count, into: $0, variant: variant)
      }
    }
  }

  @Test(
    "log-softmax agrees with the naive one, masked actions included, and each row's probabilities sum to 1",
    arguments: [1, 2, 3, 7, 17, 64, 65, 200]
  )
  func logSoftmax(columns: Int) {
    var generator = TestGenerator(state: UInt64(columns))
    let rows = 19
    var logits = generator.floats(rows * columns, in: -30...30)
    if columns > 2 {
      logits[1] = -.infinity
      logits[columns + 2] = -.infinity
    }
    var expected = logits
    Reference.logSoftmax(logits, rows: rows, columns: columns, into: &expected)
    for variant in KernelVariant.available {
      var actual = logits
      actual.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        Kernel.logSoftmax(start, rows: rows, columns: columns, into: start, variant: variant)
      }
      let errors = expected.indices.map { index in
        expected[index] == actual[index] ? 0 : abs(expected[index] - actual[index]) / max(1, abs(expected[index]))
      }
      #expect(errors.allSatisfy { $0 <= 5e-7 }, "\(variant)")
      for row in 0..<rows {
        let total = actual[row * columns..<(row + 1) * columns].reduce(0) { $0 + doubleExp(Double($1)) }
        #expect(abs(total - 1) < 1e-5, "\(variant)")
      }
    }
  }

  private func compare(
    _ name: String,
    _ count: Int,
    _ reference: (UnsafeMutablePointer<Float>) -> Void,
    with kernel: (UnsafeMutablePointer<Float>) -> Void
  ) {
    var expected = [Float](repeating: -77, count: count + 1)
    var actual = expected
    reference(&expected)
    kernel(&actual)
    let scale = expected.map(abs).max() ?? 1
    #expect(largestDifference(expected, actual) <= 2.4e-7 * scale, "\(name)")
    #expect(actual[count] == -77, "\(name)")
  }

  private func worstError(_ results: [Float], _ truth: (Double) -> Double) -> (ulps: Double, input: Float) {
    var worst = (ulps: 0.0, input: Float(0))
    for (value, input) in zip(results, Self.everywhere) {
      let exact = truth(Double(input))
      let rounded = Float(exact)
      if rounded == value { continue }
      let ulps = rounded.isFinite ? abs(Double(value) - exact) / Double(rounded.ulp) : .infinity
      if ulps > worst.ulps || ulps.isNaN { worst = (ulps, input) }
    }
    return worst
  }
}
