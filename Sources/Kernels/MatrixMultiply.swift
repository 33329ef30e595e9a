import CKernels

extension Kernel {
  /// A dense layer: Y = X·Wᵀ + b.
  ///
  /// Shapes: `input` rows × inputSize, `weights` outputSize × inputSize, `bias` outputSize, `output` rows × outputSize.
  public static func affine(
    _ input: UnsafePointer<Float>,
    rows: Int,
    inputSize: Int,
    weights: UnsafePointer<Float>,
    bias: UnsafePointer<Float>,
    outputSize: Int,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.affine(input, rows, inputSize, weights, bias, outputSize, output)
  }

  /// The gradient of a dense layer with respect to its input: dX = dY·W.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `weights` outputSize × inputSize, `inputGradient` rows × inputSize.
  public static func affineInputGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    weights: UnsafePointer<Float>,
    inputSize: Int,
    into inputGradient: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.affineInputGradient(outputGradient, rows, outputSize, weights, inputSize, inputGradient)
  }

  /// Adds the gradient of a dense layer with respect to its parameters: dW += dYᵀ·X and db += the column sums of dY.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `input` rows × inputSize, `weightGradient` outputSize × inputSize,
  /// `biasGradient` outputSize.
  public static func accumulateAffineParameterGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    input: UnsafePointer<Float>,
    inputSize: Int,
    weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.accumulateAffineParameterGradient(
      outputGradient,
      rows,
      outputSize,
      input,
      inputSize,
      weightGradient,
      biasGradient
    )
  }
}
