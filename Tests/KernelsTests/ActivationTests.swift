import Kernels
import Testing

@Suite("Element-wise functions against their naive twins")
struct ActivationTests {
  static let counts = [0, 1, 3, 7, 8, 15, 16, 17, 33, 65, 127, 1000]

  @Test("tanh and exp are within 2 units in the last place of the true value, over the whole range")
  func transcendentalsAreAccurate() {
    var inputs: [Float] = []
    for exponent in stride(from: UInt32(1), to: 255, by: 1) {
      for mantissa in stride(from: UInt32(0), to: 1 << 23, by: 8191) {
        let positive = Float(bitPattern: exponent << 23 | mantissa)
        inputs.append(positive)
        inputs.append(-positive)
      }
    }
    var tanh = inputs
    var exp = inputs
    Kernel.tanh(inputs, count: inputs.count, into: &tanh)
    Kernel.exp(inputs, count: inputs.count, into: &exp)
    let worstTanh = worstError(tanh, inputs) { Reference.tanh($0) }
    // Results below the normal range are allowed to be zero: e^-87.4 is no probability that matters.
    let worstExp = worstError(exp, inputs) { Reference.exp($0) }
    print("tanh: \(worstTanh.ulps) ulp at \(worstTanh.input); exp: \(worstExp.ulps) ulp at \(worstExp.input)")
    #expect(worstTanh.ulps <= 2)
    #expect(worstExp.ulps <= 2)
  }

  @Test("special values come out as they must")
  func specialValues() {
    let inputs: [Float] = [0, -0.0, .infinity, -.infinity, .nan, 89, -200, .leastNonzeroMagnitude, 20, -20]
    var tanh = inputs
    var exp = inputs
    var relu = inputs
    Kernel.tanh(inputs, count: inputs.count, into: &tanh)
    Kernel.exp(inputs, count: inputs.count, into: &exp)
    Kernel.relu(inputs, count: inputs.count, into: &relu)
    #expect(bits(tanh[0..<4]) == bits([0, -0.0, 1, -1]))
    #expect(tanh[4].isNaN && exp[4].isNaN && relu[4].isNaN)
    #expect(tanh[7] == .leastNonzeroMagnitude && tanh[8] == 1 && tanh[9] == -1)
    #expect(exp[0] == 1 && exp[1] == 1 && exp[2] == .infinity && exp[3] == 0 && exp[5] == .infinity && exp[6] == 0)
    #expect(relu[2] == .infinity && relu[3] == 0 && relu[8] == 20 && relu[9] == 0)
  }

  @Test("every element is computed, at every length, and nothing beyond it is touched", arguments: counts)
  func lengths(count: Int) {
    var generator = TestGenerator(state: UInt64(count))
    let input = generator.floats(count + 1, in: -4...4)
    let other = generator.floats(count + 1)
    let names = ["tanh", "exp", "relu", "tanhGradient", "reluGradient"]
    for name in names {
      var expected = [Float](repeating: -77, count: count + 1)
      var actual = expected
      switch name {
      case "tanh":
        Reference.tanh(input, count: count, into: &expected)
        Kernel.tanh(input, count: count, into: &actual)
      case "exp":
        Reference.exp(input, count: count, into: &expected)
        Kernel.exp(input, count: count, into: &actual)
      case "relu":
        Reference.relu(input, count: count, into: &expected)
        Kernel.relu(input, count: count, into: &actual)
      case "tanhGradient":
        Reference.tanhGradient(input, output: other, count: count, into: &expected)
        Kernel.tanhGradient(input, output: other, count: count, into: &actual)
      default:
        Reference.reluGradient(input, output: other, count: count, into: &expected)
        Kernel.reluGradient(input, output: other, count: count, into: &actual)
      }
      let scale = expected.map(abs).max() ?? 1
      #expect(largestDifference(expected, actual) <= 2.4e-7 * scale, "\(name)")
      #expect(actual[count] == -77, "\(name)")
    }
  }

  @Test("log-softmax agrees with the naive one, row by row, masked actions included", arguments: [1, 2, 3, 7, 17, 33])
  func logSoftmax(columns: Int) {
    var generator = TestGenerator(state: UInt64(columns))
    let rows = 19
    var logits = generator.floats(rows * columns, in: -30...30)
    if columns > 2 {
      logits[1] = -.infinity
      logits[columns + 2] = -.infinity
    }
    var expected = logits
    var actual = logits
    Reference.logSoftmax(logits, rows: rows, columns: columns, into: &expected)
    Kernel.logSoftmax(actual, rows: rows, columns: columns, into: &actual)
    let finite = expected.indices.filter { expected[$0].isFinite }
    let difference = finite.map { abs(expected[$0] - actual[$0]) / max(1, abs(expected[$0])) }.max() ?? 0
    print("logSoftmax of \(columns): largest relative difference \(difference)")
    #expect(difference <= 5e-7)
    #expect(expected.indices.allSatisfy { expected[$0].isFinite || actual[$0] == -.infinity })
    for row in 0..<rows {
      let total = actual[row * columns..<(row + 1) * columns].reduce(0.0) { $0 + Double(Reference.exp($1)) }
      #expect(abs(total - 1) < 1e-5)
    }
  }

  private func worstError(
    _ actual: [Float],
    _ inputs: [Float],
    _ truth: (Double) -> Double
  ) -> (ulps: Double, input: Float) {
    var worst = (ulps: 0.0, input: Float(0))
    for (value, input) in zip(actual, inputs) {
      let exact = truth(Double(input))
      let rounded = Float(exact)
      if rounded == value
        || abs(rounded) < .leastNormalMagnitude && abs(value) <= .leastNormalMagnitude && abs(input) > 1
      {
        continue
      }
      let ulps =
        rounded.isFinite ? abs(Double(value) - exact) / Double(max(rounded.ulp, .leastNonzeroMagnitude)) : .infinity
      if ulps > worst.ulps || ulps.isNaN { worst = (ulps, input) }
    }
    return worst
  }
}

extension Reference {
  /// One element, in Double, for error measurement.
  fileprivate static func tanh(_ x: Double) -> Double { doubleTanh(x) }
  fileprivate static func exp(_ x: Double) -> Double { doubleExp(x) }
  fileprivate static func exp(_ x: Float) -> Double { doubleExp(Double(x)) }
}
