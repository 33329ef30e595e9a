import Kernels

/// u = tanh(x), x = μ + σε with standard normal ε: a Gaussian squashed into (-1, 1), independent in each of d dimensions.
///
/// A row of parameters has the d numbers μ and then the d numbers ln σ, which are clipped to -20 ... 2. Haarnoja et al. 2018
/// (arXiv 1812.05905), appendix C. Every density is that of u.
public struct SquashedGaussian: Sendable {
  /// The number d of dimensions.
  public let dimensions: Int
  /// Where ln σ is clipped.
  public static let logSigmaRange: ClosedRange<Float> = -20...2

  /// The family over `dimensions` numbers.
  public init(dimensions: Int) {
    self.dimensions = dimensions
  }

  /// A mean and a logarithm of σ for each dimension.
  public var parameterCount: Int { 2 * dimensions }

  /// Writes u of each row, and ln π of it where that is asked for.
  ///
  /// - Parameters:
  ///   - noise: ε, rows × d.
  ///   - actions: row r's u go to `actions + r · stride`.
  public func sample(
    _ parameters: UnsafePointer<Float>, noise: UnsafePointer<Float>, rows: Int,
    into actions: UnsafeMutablePointer<Float>, stride: Int, logProbabilities: UnsafeMutablePointer<Float>?
  ) {
    Kernel.squashedGaussianSample(
      parameters, noise: noise, rows: rows, dimensions: dimensions, into: actions, stride: stride,
      logProbabilities: logProbabilities)
  }

  /// Writes tanh μ of each row, the median of every dimension.
  public func mode(
    _ parameters: UnsafePointer<Float>, rows: Int, into actions: UnsafeMutablePointer<Float>, stride: Int
  ) {
    for row in 0..<rows {
      for index in 0..<dimensions {
        actions[row * stride + index] = hyperbolicTangent(parameters[row * 2 * dimensions + index])
      }
    }
  }

  /// ln π(u) of one row's action.
  ///
  /// At ±1 the density is not finite; see `unsquashed(_:)`.
  public func logProbability(_ parameters: UnsafePointer<Float>, of action: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for index in 0..<dimensions {
      let x = Self.unsquashed(action[index])
      let logSigma = Self.clipped(parameters[dimensions + index])
      let deviation = (x - parameters[index]) * exponential(-logSigma)
      sum -= 0.5 * deviation * deviation + logSigma + Self.halfLogTwoPi + Self.logSlope(x)
    }
    return sum
  }

  /// Writes the gradient of Σ_rows (f(u) + w ln π(u)) with the noise held fixed, the reparameterised one.
  ///
  /// - Parameters:
  ///   - actions: u, row r's at `actions + r · stride`.
  ///   - actionGradients: ∂f/∂u, rows × d.
  ///   - logWeight: w.
  ///   - gradient: receives rows × 2d.
  public func reparameterizedGradient(
    _ parameters: UnsafePointer<Float>, noise: UnsafePointer<Float>, rows: Int,
    actions: UnsafePointer<Float>, stride: Int, actionGradients: UnsafePointer<Float>, logWeight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    Kernel.squashedGaussianGradient(
      parameters, noise: noise, rows: rows, dimensions: dimensions, actions: actions, stride: stride,
      actionGradients: actionGradients, gradientStride: dimensions, logWeight: logWeight, into: gradient)
  }

  /// x of u = tanh(x); ±1 is moved inside by a half of the float's precision.
  @inline(__always)
  static func unsquashed(_ action: Float) -> Float {
    let u = max(-1 + Float.ulpOfOne / 2, min(1 - Float.ulpOfOne / 2, action))
    return 0.5 * (logarithm(1 + u) - logarithm(1 - u))
  }

  /// Adds w ∇H of one row, H = Σ (ln σ + ½ ln 2πe) + E[Σ ln(1 - tanh²x)], and returns H; the expectation is a mean over
  /// samples.
  ///
  /// - Parameters:
  ///   - noise: ε of sample i, d numbers, at `noise + i · stride`.
  ///   - gradient: ∂/∂μ and ∂/∂ln σ are added to it; ln σ is not clipped.
  public func addEntropyGradient(
    _ parameters: UnsafePointer<Float>, noise: UnsafePointer<Float>, stride: Int, samples: Int, weight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    var entropy: Float = 0
    let share = 1 / Float(samples)
    for index in 0..<dimensions {
      let (mean, logSigma) = (parameters[index], parameters[dimensions + index])
      let sigma = exponential(logSigma)
      // ∂ ln(1 - tanh²x)/∂x = -2 tanh x, with ∂x/∂μ = 1 and ∂x/∂ln σ = σε.
      var (slope, stretch): (Float, Float) = (0, 0)
      entropy += logSigma + Self.halfLogTwoPi + 0.5
      for sample in 0..<samples {
        let spread = sigma * noise[sample * stride + index]
        let u = hyperbolicTangent(mean + spread)
        slope -= 2 * u * share
        stretch -= 2 * u * spread * share
        entropy += Self.logSlope(mean + spread) * share
      }
      gradient[index] += weight * slope
      gradient[dimensions + index] += weight * (1 + stretch)
    }
    return entropy
  }

  /// ln(1 - tanh²x), without the cancellation that the formula has as it stands.
  public static func logSlope(_ x: Float) -> Float {
    2 * (logTwo - x - softplus(-2 * x))
  }

  /// ln σ as it is used.
  @inline(__always)
  static func clipped(_ logSigma: Float) -> Float {
    max(logSigmaRange.lowerBound, min(logSigmaRange.upperBound, logSigma))
  }

  /// Whether a ln σ that has been clipped was left as it was.
  @inline(__always)
  static func isInside(_ logSigma: Float) -> Bool {
    logSigma > logSigmaRange.lowerBound && logSigma < logSigmaRange.upperBound
  }

  private static let halfLogTwoPi: Float = 0.918_938_533_2
  private static let logTwo: Float = 0.693_147_180_6
}
