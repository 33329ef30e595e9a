import Kernels
import Testing

@Suite("Dense layers whose weights were laid out beforehand")
struct PackedAffineTests {
  @Test("have the bits of those that lay them out themselves, in every variant and for every shape")
  func sameBits() {
    for shape in MatrixMultiplyTests.shapes {
      let data = LayerData(shape)
      for variant in KernelVariant.available {
        let count = Kernel.packedCount(inputSize: shape.inputs, outputSize: shape.outputs, variant: variant)
        let packed = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
        defer { packed.deallocate() }
        let floats = packed.bindMemory(to: Float.self)
        // Lanes that no unit has must not matter.
        floats.update(repeating: .nan)
        guard let start = floats.baseAddress else { continue }
        Kernel.pack(
          data.weights, inputSize: shape.inputs, outputSize: shape.outputs, into: start, variant: variant)
        for function in LayerFunction.allCases {
          func outputs(_ packed: UnsafePointer<Float>?) -> [Float] {
            var outputs = data.guarded(shape.rows * shape.outputs)
            Kernel.affine(
              data.input, rows: shape.rows, inputSize: shape.inputs, weights: data.weights, packed: packed,
              bias: data.bias, outputSize: shape.outputs, function: function, into: &outputs, variant: variant)
            return outputs
          }
          #expect(bits(outputs(start)) == bits(outputs(nil)), "\(variant), \(shape), \(function)")
        }
      }
    }
  }
}
