import Kernels
import Testing

@Suite("Dense layers against their naive twins")
struct MatrixMultiplyTests {
  struct Shape: CustomTestStringConvertible, Sendable {
    let rows: Int
    let inputs: Int
    let outputs: Int
    var testDescription: String { "\(rows) rows, \(inputs) -> \(outputs)" }
  }

  static let oddSizes = [1, 3, 7, 17, 33, 65, 127]
  static let shapes =
    oddSizes.flatMap { rows in
      oddSizes.flatMap { inputs in oddSizes.map { Shape(rows: rows, inputs: inputs, outputs: $0) } }
    } + [Shape(rows: 96, inputs: 64, outputs: 64), Shape(rows: 5, inputs: 4, outputs: 2)]

  @Test("the forward pass agrees with the naive one on odd sizes")
  func affineAgrees() {
    var worst: Float = 0
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expected = [Float](repeating: .nan, count: shape.rows * shape.outputs)
      var actual = expected
      Reference.affine(
        data.input,
        rows: shape.rows,
        inputSize: shape.inputs,
        weights: data.weights,
        bias: data.bias,
        outputSize: shape.outputs,
        into: &expected
      )
      Kernel.affine(
        data.input,
        rows: shape.rows,
        inputSize: shape.inputs,
        weights: data.weights,
        bias: data.bias,
        outputSize: shape.outputs,
        into: &actual
      )
      let difference = largestDifference(expected, actual)
      #expect(difference <= 1e-6 * Float(shape.inputs + 1), "\(shape.testDescription)")
      worst = max(worst, difference)
    }
    print("affine: largest difference \(worst)")
  }

  @Test("the input gradient agrees with the naive one on odd sizes")
  func inputGradientAgrees() {
    var worst: Float = 0
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expected = [Float](repeating: .nan, count: shape.rows * shape.inputs)
      var actual = expected
      Reference.affineInputGradient(
        data.outputGradient,
        rows: shape.rows,
        outputSize: shape.outputs,
        weights: data.weights,
        inputSize: shape.inputs,
        into: &expected
      )
      Kernel.affineInputGradient(
        data.outputGradient,
        rows: shape.rows,
        outputSize: shape.outputs,
        weights: data.weights,
        inputSize: shape.inputs,
        into: &actual
      )
      let difference = largestDifference(expected, actual)
      #expect(difference <= 1e-6 * Float(shape.outputs + 1), "\(shape.testDescription)")
      worst = max(worst, difference)
    }
    print("affineInputGradient: largest difference \(worst)")
  }

  @Test("the parameter gradient agrees with the naive one, and adds to what was there")
  func parameterGradientAgrees() {
    var worst: Float = 0
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expectedWeights = data.weights
      var expectedBias = data.bias
      var weights = data.weights
      var bias = data.bias
      Reference.accumulateAffineParameterGradient(
        data.outputGradient,
        rows: shape.rows,
        outputSize: shape.outputs,
        input: data.input,
        inputSize: shape.inputs,
        weightGradient: &expectedWeights,
        biasGradient: &expectedBias
      )
      Kernel.accumulateAffineParameterGradient(
        data.outputGradient,
        rows: shape.rows,
        outputSize: shape.outputs,
        input: data.input,
        inputSize: shape.inputs,
        weightGradient: &weights,
        biasGradient: &bias
      )
      let difference = max(largestDifference(expectedWeights, weights), largestDifference(expectedBias, bias))
      #expect(difference <= 1e-6 * Float(shape.rows + 1), "\(shape.testDescription)")
      worst = max(worst, difference)
    }
    print("accumulateAffineParameterGradient: largest difference \(worst)")
  }

  @Test("a row's result has the same bits alone and in any batch")
  func rowsAreIndependent() {
    for shape in [Shape(rows: 67, inputs: 33, outputs: 65), Shape(rows: 31, inputs: 4, outputs: 2)] {
      let data = LayerData(shape)
      let whole = forwardAndBack(data, shape, first: 0, rows: shape.rows)
      for (first, rows) in [(0, 1), (3, 1), (5, 2), (1, 7), (9, 13), (shape.rows - 1, 1)] {
        let part = forwardAndBack(data, shape, first: first, rows: rows)
        #expect(
          bits(part.output) == bits(whole.output[first * shape.outputs..<(first + rows) * shape.outputs])
        )
        #expect(
          bits(part.gradient) == bits(whole.gradient[first * shape.inputs..<(first + rows) * shape.inputs])
        )
      }
    }
  }

  private func forwardAndBack(
    _ data: LayerData,
    _ shape: Shape,
    first: Int,
    rows: Int
  ) -> (output: [Float], gradient: [Float]) {
    var output = [Float](repeating: .nan, count: rows * shape.outputs)
    var gradient = [Float](repeating: .nan, count: rows * shape.inputs)
    Kernel.affine(
      Array(data.input[(first * shape.inputs)...]),
      rows: rows,
      inputSize: shape.inputs,
      weights: data.weights,
      bias: data.bias,
      outputSize: shape.outputs,
      into: &output
    )
    Kernel.affineInputGradient(
      Array(data.outputGradient[(first * shape.outputs)...]),
      rows: rows,
      outputSize: shape.outputs,
      weights: data.weights,
      inputSize: shape.inputs,
      into: &gradient
    )
    return (output, gradient)
  }
}

private struct LayerData {
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
}
