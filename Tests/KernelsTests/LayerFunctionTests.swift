import Kernels
import Testing

@Suite("Dense layers with what follows them, in every variant that this processor runs")
struct LayerFunctionTests {
  typealias Shape = MatrixMultiplyTests.Shape

  static let shapes =
    MatrixMultiplyTests.severalBlocks + [
      Shape(rows: 7, inputs: 3, outputs: 17), Shape(rows: 33, inputs: 17, outputs: 2),
      Shape(rows: 100, inputs: 64, outputs: 64), Shape(rows: 1, inputs: 4, outputs: 33),
    ]

  @Test("the function is applied to the layer's own outputs", arguments: LayerFunction.allCases)
  func forward(function: LayerFunction) {
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expected = data.guarded(shape.rows * shape.outputs)
      Reference.affine(
        data.input, rows: shape.rows, inputSize: shape.inputs, weights: data.weights, bias: data.bias,
        outputSize: shape.outputs, function: function, into: &expected)
      for variant in KernelVariant.available {
        var actual = data.guarded(shape.rows * shape.outputs)
        Kernel.affine(
          data.input, rows: shape.rows, inputSize: shape.inputs, weights: data.weights, bias: data.bias,
          outputSize: shape.outputs, function: function, into: &actual, variant: variant)
        let tolerance = 1e-6 * Float(shape.inputs + 1)
        #expect(largestDifference(expected, actual) <= tolerance, "\(variant), \(shape)")
      }
    }
  }

  @Test("the input's gradient goes back through the function", arguments: LayerFunction.allCases)
  func backward(function: LayerFunction) {
    for shape in Self.shapes {
      let data = LayerData(shape)
      var expected = data.guarded(shape.rows * shape.inputs)
      Reference.affineInputGradient(
        data.outputGradient, rows: shape.rows, outputSize: shape.outputs, weights: data.weights,
        inputSize: shape.inputs, through: function, of: data.input, into: &expected)
      for variant in KernelVariant.available {
        var actual = data.guarded(shape.rows * shape.inputs)
        Kernel.affineInputGradient(
          data.outputGradient, rows: shape.rows, outputSize: shape.outputs, weights: data.weights,
          inputSize: shape.inputs, through: function, of: data.input, into: &actual, variant: variant)
        let tolerance = 1e-6 * Float(shape.outputs + 1)
        #expect(largestDifference(expected, actual) <= tolerance, "\(variant), \(shape)")
      }
    }
  }

  @Test("a layer and its function in one have the bits of the two apart", arguments: KernelVariant.available)
  func sameBits(variant: KernelVariant) {
    for shape in Self.shapes {
      let data = LayerData(shape)
      let count = shape.rows * shape.outputs
      for function in [LayerFunction.relu, .tanh] {
        var together = data.guarded(count)
        var apart = together
        Kernel.affine(
          data.input, rows: shape.rows, inputSize: shape.inputs, weights: data.weights, bias: data.bias,
          outputSize: shape.outputs, function: function, into: &together, variant: variant)
        Kernel.affine(
          data.input, rows: shape.rows, inputSize: shape.inputs, weights: data.weights, bias: data.bias,
          outputSize: shape.outputs, into: &apart, variant: variant)
        if function == .relu {
          Kernel.relu(apart, count: count, into: &apart, variant: variant)
        } else {
          Kernel.tanh(apart, count: count, into: &apart, variant: variant)
        }
        #expect(bits(together) == bits(apart), "\(shape), \(function)")
      }
    }
  }

  @Test("the gradient of some inputs is theirs alone", arguments: [0..<1, 2..<3, 1..<4, 0..<5, 3..<9])
  func someInputs(columns: Range<Int>) {
    for (rows, outputs) in [(1, 1), (5, 7), (33, 17), (100, 64), (97, 259), (3, 1100)] {
      let data = LayerData(Shape(rows: rows, inputs: 9, outputs: outputs))
      var expected = data.guarded(rows * columns.count)
      Reference.affineInputGradient(
        data.outputGradient, rows: rows, outputSize: outputs, weights: data.weights, inputSize: 9, columns: columns,
        into: &expected)
      for variant in KernelVariant.available {
        var actual = data.guarded(rows * columns.count)
        Kernel.affineInputGradient(
          data.outputGradient, rows: rows, outputSize: outputs, weights: data.weights, inputSize: 9, columns: columns,
          into: &actual, variant: variant)
        let tolerance = 1e-6 * Float(outputs + 1)
        #expect(largestDifference(expected, actual) <= tolerance, "\(variant), \(rows) rows, \(outputs) outputs")
      }
    }
  }
}
