extension Reference {
  /// u = tanh(μ + σε) of each row for given standard normal ε, and ln π(u) where that is asked for.
  ///
  /// Shapes: `parameters` rows × 2d, `noise` rows × d; row r's u go to `actions + r · stride`; `logProbabilities` rows.
  public static func squashedGaussianSample(
    _ parameters: UnsafePointer<Float>,
    noise: UnsafePointer<Float>,
    rows: Int,
    dimensions: Int,
    into actions: UnsafeMutablePointer<Float>,
    stride: Int,
    logProbabilities: UnsafeMutablePointer<Float>?
  ) {
    for row in 0..<rows {
      var total = 0.0
      for index in 0..<dimensions {
        let mean = Double(parameters[row * 2 * dimensions + index])
        let logSigma = clippedLogSigma(parameters[row * 2 * dimensions + dimensions + index])
        let epsilon = Double(noise[row * dimensions + index])
        let x = mean + libraryExp(logSigma) * epsilon
        actions[row * stride + index] = Float(libraryTanh(x))
        let softplus = libraryLog(1 + libraryExp(-2 * x.magnitude))
        let logSlope = 2 * (libraryLog(2) - x.magnitude - softplus)
        total -= 0.5 * epsilon * epsilon + logSigma + 0.5 * libraryLog(2 * .pi) + logSlope
      }
      logProbabilities?[row] = Float(total)
    }
  }

  /// The gradient of Σ_rows (f(u) + w ln π(u)) with respect to the parameters, with ε held fixed.
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
    into gradient: UnsafeMutablePointer<Float>
  ) {
    for row in 0..<rows {
      for index in 0..<dimensions {
        let place = row * 2 * dimensions + index
        let action = Double(actions[row * stride + index])
        let logSigma = parameters[place + dimensions]
        let spread = libraryExp(clippedLogSigma(logSigma)) * Double(noise[row * dimensions + index])
        let alongAction = Double(actionGradients[row * gradientStride + index])
        let alongX = alongAction * (1 - action * action) + 2 * Double(logWeight) * action
        let isFree = (-20...2).contains(logSigma)
        gradient[place] = Float(alongX)
        gradient[place + dimensions] = isFree ? Float(alongX * spread - Double(logWeight)) : 0
      }
    }
  }

  private static func clippedLogSigma(_ logSigma: Float) -> Double {
    Swift.min(2, Swift.max(-20, Double(logSigma)))
  }
}
