import CKernels

// Rows of u = tanh(x), x = μ + σε, independent in each of d dimensions. A row of parameters has the d numbers μ and then the
// d numbers ln σ, which are clipped to -20 ... 2 (Haarnoja et al. 2018, arXiv 1812.05905, appendix C).
extension Kernel {
  /// u of each row for given standard normal ε, and ln π(u) where that is asked for.
  ///
  /// Shapes: `parameters` rows × 2d, `noise` rows × d; row r's u go to `actions + r · stride`; `logProbabilities` rows.
  public static func squashedGaussianSample(
    _ parameters: UnsafePointer<Float>,
    noise: UnsafePointer<Float>,
    rows: Int,
    dimensions: Int,
    into actions: UnsafeMutablePointer<Float>,
    stride: Int,
    logProbabilities: UnsafeMutablePointer<Float>?,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.squashedSample(parameters, noise, rows, dimensions, actions, stride, logProbabilities)
  }

  /// The gradient of Σ_rows (f(u) + w ln π(u)) with respect to the parameters, with ε held fixed.
  ///
  /// With ∂ln π/∂x = 2u, ∂x/∂μ = 1 and ∂x/∂ln σ = σε; ln σ has -w beside, and no gradient where it is clipped.
  ///
  /// Shapes: `parameters` and `gradient` rows × 2d, `noise` rows × d; row r's u are at `actions + r · stride`, and its ∂f/∂u
  /// at `actionGradients + r · gradientStride`.
  public static func squashedGaussianGradient(
    _ parameters: UnsafePointer<Float>,
    noise: UnsafePointer<Float>,
    rows: Int,
    dimensions: Int,
    actions: UnsafePointer<Float>,
    stride: Int,
    actionGradients: UnsafePointer<Float>,
    gradientStride: Int,
    logWeight: Float,
    into gradient: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.squashedGradient(
      parameters, noise, rows, dimensions, actions, stride, actionGradients, gradientStride, logWeight, gradient)
  }
}
