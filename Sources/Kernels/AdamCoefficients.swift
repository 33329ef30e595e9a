/// The scalars of one Adam step, with the bias corrections of step t folded in.
public struct AdamCoefficients: Sendable {
  /// α / (1 - β₁ᵗ), the learning rate with the first moment's bias correction.
  public var stepSize: Float
  /// 1 / √(1 - β₂ᵗ), the second moment's bias correction, applied to its root.
  public var secondMomentRootScale: Float
  /// 1 - β₁, the weight of the new gradient in the first moment.
  public var firstMomentGain: Float
  /// 1 - β₂, the weight of the new squared gradient in the second moment.
  public var secondMomentGain: Float
  /// ε, added to the root.
  public var epsilon: Float

  /// The coefficients of step number `step`, which counts from 1.
  public init(step: Int, learningRate: Double, beta1: Double, beta2: Double, epsilon: Double) {
    stepSize = Float(learningRate / (1 - integerPower(beta1, step)))
    secondMomentRootScale = Float(1 / (1 - integerPower(beta2, step)).squareRoot())
    firstMomentGain = Float(1 - beta1)
    secondMomentGain = Float(1 - beta2)
    self.epsilon = Float(epsilon)
  }
}

/// By repeated squaring rather than the library's pow, so that a resumed run computes the same bits on every platform.
private func integerPower(_ base: Double, _ exponent: Int) -> Double {
  var result = 1.0
  var square = base
  var remaining = exponent
  while remaining > 0 {
    if remaining & 1 == 1 { result *= square }
    square *= square
    remaining >>= 1
  }
  return result
}
