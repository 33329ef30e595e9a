import Kernels
import Testing

@Suite("Dense layers whose weights were laid out beforehand")
struct PackedAffineTests {
  @Test("have the bits of those that lay them out themselves, in every variant and for every shape")
  func sameBits() {
    for shape in MatrixMultiplyTests.shapes {
      let data = LayerData(shape)
      for variant in KernelVariant.available {
        var expected = data.guarded(shape.rows * shape.outputs)
        Kernel.affine(
          data.input, rows: shape.rows, inputSize: shape.inputs, weights: data.weights, bias: data.bias,
          outputSize: shape.outputs, into: &expected, variant: variant)
        let count = Kernel.packedCount(inputSize: shape.inputs, outputSize: shape.outputs, variant: variant)
        let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
        defer { packed.deallocate() }
        let floats = packed.bindMemory(to: Float.self)
        // Lanes that no unit has must not matter.
        floats.update(repeating: .nan)
        guard let start = floats.baseAddress else { continue }
        Kernel.pack(
          data.weights, inputSize: shape.inputs, outputSize: shape.outputs, into: start, variant: variant)
        var actual = data.guarded(shape.rows * shape.outputs)
        Kernel.affine(
          data.input, rows: shape.rows, inputSize: shape.inputs, weights: data.weights, packed: start, bias: data.bias,
          outputSize: shape.outputs, into: &actual, variant: variant)
        #expect(bits(actual) == bits(expected), "\(variant), \(shape)")
      }
    }
  }
}
