import CKernels

extension Kernel {
  /// The hyperbolic tangent of each element; `output` may be `input`.
  public static func tanh(
    _ input: UnsafePointer<Float>,
    count: Int,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.tanh(input, count, output)
  }

  /// The gradient through tanh, from its output y: dx = dy·(1 - y²); `inputGradient` may be `outputGradient`.
  public static func tanhGradient(
    _ outputGradient: UnsafePointer<Float>,
    output: UnsafePointer<Float>,
    count: Int,
    into inputGradient: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.tanhGradient(outputGradient, output, count, inputGradient)
  }

  /// max(x, 0) of each element, keeping NaN; `output` may be `input`.
  public static func relu(
    _ input: UnsafePointer<Float>,
    count: Int,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.relu(input, count, output)
  }

  /// The gradient through relu, from its output y: dx = dy where y > 0, else 0; `inputGradient` may be `outputGradient`.
  public static func reluGradient(
    _ outputGradient: UnsafePointer<Float>,
    output: UnsafePointer<Float>,
    count: Int,
    into inputGradient: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.reluGradient(outputGradient, output, count, inputGradient)
  }

  /// e to the power of each element; `output` may be `input`.
  public static func exp(
    _ input: UnsafePointer<Float>,
    count: Int,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.exp(input, count, output)
  }

  /// The natural logarithm of each softmax probability, row by row: z - max - ln Σ exp(z - max).
  ///
  /// A row needs at least one finite element; -infinity (a masked action) stays -infinity. `output` may be `input`.
  public static func logSoftmax(
    _ input: UnsafePointer<Float>,
    rows: Int,
    columns: Int,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.logSoftmax(input, rows, columns, output)
  }
}
