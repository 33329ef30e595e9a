import CKernels

// A dense layer lays its weights out anew for each call, which for few rows is more work than the product itself. These
// do it once, for weights that do not change.
extension Kernel {
  /// How many floats the packed weights of a layer take, for one variant.
  public static func packedCount(inputSize: Int, outputSize: Int, variant: KernelVariant = .best) -> Int {
    variant.table.pointee.packedCount(inputSize, outputSize)
  }

  /// Lays weights, outputSize × inputSize, out as ``affine(_:rows:inputSize:weights:packed:bias:outputSize:into:variant:)``
  /// of the same variant reads them.
  ///
  /// `packed` has `packedCount` floats on a boundary of 64 bytes.
  public static func pack(
    _ weights: UnsafePointer<Float>,
    inputSize: Int,
    outputSize: Int,
    into packed: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.packAffine(weights, inputSize, outputSize, packed)
  }

  /// A dense layer whose weights have been packed: Y = X·Wᵀ + b, with the bits of the layer that packs them itself.
  ///
  /// Shapes: `input` rows × inputSize, `weights` outputSize × inputSize, `bias` outputSize, `output` rows × outputSize.
  public static func affine(
    _ input: UnsafePointer<Float>,
    rows: Int,
    inputSize: Int,
    weights: UnsafePointer<Float>,
    packed: UnsafePointer<Float>,
    bias: UnsafePointer<Float>,
    outputSize: Int,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.affinePacked(input, rows, inputSize, weights, packed, bias, outputSize, output)
  }
}
