import Kernels
import Testing

@Suite("Dense layers against their naive twins, in every variant that this processor runs")
struct MatrixMultiplyTests {
  struct Shape: CustomStringConvertible, Sendable {
    let rows: Int
    let inputs: Int
    let outputs: Int
    var description: String { "\(rows) rows, \(inputs) -> \(outputs)" }
  }

  static let oddSizes = [1, 3, 7, 17, 33, 65, 127]
  static let shapes =
    oddSizes.flatMap { rows in
      oddSizes.flatMap { inputs in oddSizes.map { Shape(rows: rows, inputs: inputs, outputs: $0) } }
    } + [
      Shape(rows: 96, inputs: 64, outputs: 64), Shape(rows: 5, inputs: 4, outputs: 2),
      Shape(rows: 0, inputs: 4, outputs: 8), Shape(rows: 2, inputs: 700, outputs: 48),
      Shape(rows: 131, inputs: 4, outputs: 64), Shape(rows: 300, inputs: 16, outputs: 5),
    ] + severalBlocks

  /// Sizes that no block of any variant divides, with several blocks along each dimension.
  static let severalBlocks = [
    Shape(rows: 101, inputs: 259, outputs: 307), Shape(rows: 259, inputs: 131, outputs: 71),
    Shape(rows: 197, inputs: 515, outputs: 37), Shape(rows: 7, inputs: 300, outputs: 401),
    Shape(rows: 100, inputs: 64, outputs: 256), Shape(rows: 140, inputs: 5, outputs: 300),
    Shape(rows: 150, inputs: 300, outputs: 1),
  ]

  @Test("the forward pass agrees with the naive one on odd sizes")
  func affineAgrees() {
    var worst: [KernelVariant: Float] = [:]
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expected = data.guarded(shape.rows * shape.outputs)
      Reference.affine(
        data.input,
        rows: shape.rows,
        inputSize: shape.inputs,
        weights: data.weights,
        bias: data.bias,
        outputSize: shape.outputs,
        into: &expected
      )
      for variant in KernelVariant.available {
        var actual = data.guarded(shape.rows * shape.outputs)
        Kernel.affine(
          data.input,
          rows: shape.rows,
          inputSize: shape.inputs,
          weights: data.weights,
          bias: data.bias,
          outputSize: shape.outputs,
          into: &actual,
          variant: variant
        )
        let difference = largestDifference(expected, actual)
        #expect(difference <= 1e-6 * Float(shape.inputs + 1), "\(variant), \(shape)")
        worst[variant] = max(worst[variant] ?? 0, difference)
      }
    }
    print("affine, largest difference: \(worst)")
  }

  @Test("the input gradient agrees with the naive one on odd sizes")
  func inputGradientAgrees() {
    var worst: [KernelVariant: Float] = [:]
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expected = data.guarded(shape.rows * shape.inputs)
      Reference.affineInputGradient(
        data.outputGradient,
        rows: shape.rows,
        outputSize: shape.outputs,
        weights: data.weights,
        inputSize: shape.inputs,
        columns: 0..<shape.inputs,
        into: &expected
      )
      for variant in KernelVariant.available {
        var actual = data.guarded(shape.rows * shape.inputs)
        Kernel.affineInputGradient(
          data.outputGradient,
          rows: shape.rows,
          outputSize: shape.outputs,
          weights: data.weights,
          inputSize: shape.inputs,
          into: &actual,
          variant: variant
        )
        let difference = largestDifference(expected, actual)
        #expect(difference <= 1e-6 * Float(shape.outputs + 1), "\(variant), \(shape)")
        worst[variant] = max(worst[variant] ?? 0, difference)
      }
    }
    print("affineInputGradient, largest difference: \(worst)")
  }

  @Test("the parameter gradient agrees with the naive one, and adds to what was there")
  func parameterGradientAgrees() {
    var worst: [KernelVariant: Float] = [:]
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expected = (weights: data.weights + [-77], bias: data.bias + [-77])
      Reference.accumulateAffineParameterGradient(
        data.outputGradient,
        rows: shape.rows,
        outputSize: shape.outputs,
        input: data.input,
        inputSize: shape.inputs,
        weightGradient: &expected.weights,
        biasGradient: &expected.bias
      )
      for variant in KernelVariant.available {
        var actual = (weights: data.weights + [-77], bias: data.bias + [-77])
        Kernel.accumulateAffineParameterGradient(
          data.outputGradient,
          rows: shape.rows,
          outputSize: shape.outputs,
          input: data.input,
          inputSize: shape.inputs,
          weightGradient: &actual.weights,
          biasGradient: &actual.bias,
          variant: variant
        )
        let difference = max(
          largestDifference(expected.weights, actual.weights),
          largestDifference(expected.bias, actual.bias)
        )
        #expect(difference <= 1e-6 * Float(shape.rows + 1), "\(variant), \(shape)")
        worst[variant] = max(worst[variant] ?? 0, difference)
      }
    }
    print("accumulateAffineParameterGradient, largest difference: \(worst)")
  }

  @Test("a row's result has the same bits alone and in any batch", arguments: KernelVariant.available)
  func rowsAreIndependent(variant: KernelVariant) {
    let shapes = [
      Shape(rows: 67, inputs: 33, outputs: 65), Shape(rows: 31, inputs: 4, outputs: 2),
      Shape(rows: 19, inputs: 300, outputs: 17),
    ]
    for shape in shapes + Self.severalBlocks {
      let data = LayerData(shape)
      let whole = forwardAndBack(data, shape, rows: 0..<shape.rows, variant)
      for rows in [0..<1, 3..<4, 5..<7, 1..<7, shape.rows / 3..<shape.rows, shape.rows - 1..<shape.rows] {
        let part = forwardAndBack(data, shape, rows: rows, variant)
        let outputs = rows.lowerBound * shape.outputs..<rows.upperBound * shape.outputs
        let inputs = rows.lowerBound * shape.inputs..<rows.upperBound * shape.inputs
        #expect(bits(part.output) == bits(whole.output[outputs]))
        #expect(bits(part.gradient) == bits(whole.gradient[inputs]))
      }
    }
  }

  @Test("a NaN or an infinity in one row stays in that row", arguments: KernelVariant.available)
  func nonFiniteRowsStayApart(variant: KernelVariant) {
    for outputs in [2, 9] {
      let input: [Float] = [1, 2, .nan, 4, .infinity, 6, 7, 8]
      var output = [Float](repeating: 0, count: 4 * outputs)
      Kernel.affine(
        input,
        rows: 4,
        inputSize: 2,
        weights: [Float](repeating: 1, count: 2 * outputs),
        bias: [Float](repeating: 0, count: outputs),
        outputSize: outputs,
        into: &output,
        variant: variant
      )
      #expect(output[0..<outputs].allSatisfy { $0 == 3 })
      #expect(output[outputs..<2 * outputs].allSatisfy { $0.isNaN })
      #expect(output[2 * outputs..<3 * outputs].allSatisfy { $0 == .infinity })
      #expect(output[(3 * outputs)...].allSatisfy { $0 == 15 })
    }
  }

  private func forwardAndBack(
    _ data: LayerData,
    _ shape: Shape,
    rows: Range<Int>,
    _ variant: KernelVariant
  ) -> (output: [Float], gradient: [Float]) {
    var output = [Float](repeating: .nan, count: rows.count * shape.outputs)
    var gradient = [Float](repeating: .nan, count: rows.count * shape.inputs)
    Kernel.affine(
      Array(data.input[(rows.lowerBound * shape.inputs)...]),
      rows: rows.count,
      inputSize: shape.inputs,
      weights: data.weights,
      bias: data.bias,
      outputSize: shape.outputs,
      into: &output,
      variant: variant
    )
    Kernel.affineInputGradient(
      Array(data.outputGradient[(rows.lowerBound * shape.outputs)...]),
      rows: rows.count,
      outputSize: shape.outputs,
      weights: data.weights,
      inputSize: shape.inputs,
      into: &gradient,
      variant: variant
    )
    return (output, gradient)
  }
}

struct LayerData {
  let input: [Float]
  let weights: [Float]
  let bias: [Float]
  let outputGradient: [Float]

  init(_ shape: MatrixMultiplyTests.Shape) {
    var generator = TestGenerator(state: UInt64(shape.rows * 1_000_000 + shape.inputs * 1000 + shape.outputs))
    input = generator.floats(shape.rows * shape.inputs)
    weights = generator.floats(shape.outputs * shape.inputs)
    bias = generator.floats(shape.outputs)
    outputGradient = generator.floats(shape.rows * shape.outputs)
  }

  /// Room for a result, filled with what no result is, and one element more, which must survive.
  func guarded(_ count: Int) -> [Float] {
    [Float](repeating: -77, count: count + 1)
  }
}
