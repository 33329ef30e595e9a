extension Reference {
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
    let step = Double(coefficients.stepSize)
    let root = Double(coefficients.secondMomentRootScale)
    for index in 0..<count {
      let gradient = Double(gradients[index])
      let first = Double(firstMoment[index])
      let second = Double(secondMoment[index])
      let newFirst = first + Double(coefficients.firstMomentGain) * (gradient - first)
      let newSecond = second + Double(coefficients.secondMomentGain) * (gradient * gradient - second)
      let denominator = newSecond.squareRoot() * root + Double(coefficients.epsilon)
      parameters[index] = Float(Double(parameters[index]) - step * newFirst / denominator)
      firstMoment[index] = Float(newFirst)
      secondMoment[index] = Float(newSecond)
    }
  }
}
