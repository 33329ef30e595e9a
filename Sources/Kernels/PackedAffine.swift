import CKernels

// A dense layer lays its weights out anew for each call, which for few rows is more work than the product itself. These
// do it once, for weights that do not change between calls.
extension Kernel {
  /// How many floats the packed weights of a layer take, for one variant.
  public static func packedCount(inputSize: Int, outputSize: Int, variant: KernelVariant = .best) -> Int {
    variant.table.pointee.packedCount(inputSize, outputSize)
  }

  /// Lays weights, outputSize × inputSize, out as dense layers of the same variant read them.
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
}
