import CKernels

extension Kernel {
  /// One step of Adam (Kingma & Ba 2015, algorithm 1) in Torch's form: θ -= α·(m / c₁) / (√(v / c₂) + ε).
  ///
  /// Updates `parameters`, `firstMoment` and `secondMoment`, each of `count` elements.
  public static func adamStep(
    _ parameters: UnsafeMutablePointer<Float>,
    gradients: UnsafePointer<Float>,
    firstMoment: UnsafeMutablePointer<Float>,
    secondMoment: UnsafeMutablePointer<Float>,
    count: Int,
    coefficients: AdamCoefficients,
    variant: KernelVariant = .best
  ) {
    let scalars = AdamScalars(
      stepSize: coefficients.stepSize,
      secondMomentRootScale: coefficients.secondMomentRootScale,
      firstMomentGain: coefficients.firstMomentGain,
      secondMomentGain: coefficients.secondMomentGain,
      epsilon: coefficients.epsilon
    )
    variant.table.pointee.adamStep(parameters, gradients, firstMoment, secondMoment, count, scalars)
  }
}
