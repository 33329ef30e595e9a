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
    coefficients: AdamCoefficients
  ) {
    for index in 0..<count {
      let gradient = gradients[index]
      let first = firstMoment[index] + coefficients.firstMomentGain * (gradient - firstMoment[index])
      let second = secondMoment[index] + coefficients.secondMomentGain * (gradient * gradient - secondMoment[index])
      let denominator = second.squareRoot() * coefficients.secondMomentRootScale + coefficients.epsilon
      parameters[index] -= coefficients.stepSize * first / denominator
      firstMoment[index] = first
      secondMoment[index] = second
    }
  }
}
