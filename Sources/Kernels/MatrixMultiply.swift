import CKernels

extension Kernel {
  /// A dense layer and what follows it: Y = f(X·Wᵀ + b).
  ///
  /// Shapes: `input` rows × inputSize, `weights` outputSize × inputSize, `bias` outputSize, `output` rows × outputSize.
  /// `packed`, where given, is what ``pack(_:inputSize:outputSize:into:variant:)`` of the same variant has made of the
  /// weights; the outputs have the same bits with it and without.
  public static func affine(
    _ input: UnsafePointer<Float>,
    rows: Int,
    inputSize: Int,
    weights: UnsafePointer<Float>,
    packed: UnsafePointer<Float>? = nil,
    bias: UnsafePointer<Float>,
    outputSize: Int,
    function: LayerFunction = .identity,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.affine(
      input, rows, inputSize, weights, packed, bias, outputSize, function.rawValue, output)
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
    variant.table.pointee.affineInputGradient(
      outputGradient, rows, outputSize, weights, inputSize, 0, inputSize, LayerFunction.identity.rawValue, nil,
      inputGradient)
  }

  /// The gradient of a dense layer with respect to some of its inputs, those of `columns`.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `weights` outputSize × inputSize, `inputGradient` rows × columns.count.
  public static func affineInputGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    weights: UnsafePointer<Float>,
    inputSize: Int,
    columns: Range<Int>,
    into inputGradient: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.affineInputGradient(
      outputGradient, rows, outputSize, weights, inputSize, columns.lowerBound, columns.count,
      LayerFunction.identity.rawValue, nil, inputGradient)
  }

  /// The gradient of a dense layer with respect to what a function made its input from: dX = dY·W ⊙ f′, where f′ is found
  /// from the function's output, which is the layer's `input`.
  ///
  /// Shapes: `outputGradient` rows × outputSize, `weights` outputSize × inputSize, `input` and `inputGradient` rows ×
  /// inputSize.
  public static func affineInputGradient(
    _ outputGradient: UnsafePointer<Float>,
    rows: Int,
    outputSize: Int,
    weights: UnsafePointer<Float>,
    inputSize: Int,
    through function: LayerFunction,
    of input: UnsafePointer<Float>,
    into inputGradient: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.affineInputGradient(
      outputGradient, rows, outputSize, weights, inputSize, 0, inputSize, function.rawValue, input, inputGradient)
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
