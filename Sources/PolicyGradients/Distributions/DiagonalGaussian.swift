import Environments

/// d independent normal numbers; the parameters are the d means μ and then the d logarithms ln σ.
///
/// The action is what was drawn; whoever sends it to a Box clips it first, and the density stays that of the unclipped one.
public struct DiagonalGaussian: Distribution {
  /// The number d of dimensions.
  public let dimensions: Int

  /// Creates the family of distributions over `dimensions` numbers.
  public init(dimensions: Int) {
    self.dimensions = dimensions
  }

  /// A mean and a logarithm of σ for each dimension.
  public var parameterCount: Int { 2 * dimensions }
  /// One number for each dimension.
  public var actionCount: Int { dimensions }

  /// μ + σ·ε with standard normal ε.
  public func sample(
    _ parameters: UnsafePointer<Float>,
    using generator: inout some RandomNumberGenerator,
    into action: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<dimensions {
      action[index] = parameters[index] + exponential(parameters[dimensions + index]) * Float(generator.normal())
    }
  }

  /// The mean.
  public func mode(_ parameters: UnsafePointer<Float>, into action: UnsafeMutablePointer<Float>) {
    action.update(from: parameters, count: dimensions)
  }

  /// -Σ (½((a - μ)/σ)² + ln σ + ½ ln 2π).
  public func logProbability(_ parameters: UnsafePointer<Float>, of action: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for index in 0..<dimensions {
      let logSigma = parameters[dimensions + index]
      let deviation = (action[index] - parameters[index]) * exponential(-logSigma)
      sum -= 0.5 * deviation * deviation + logSigma + Self.halfLogTwoPi
    }
    return sum
  }

  /// Σ (ln σ + ½ ln 2πe).
  public func entropy(_ parameters: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for index in 0..<dimensions { sum += parameters[dimensions + index] + Self.halfLogTwoPi + 0.5 }
    return sum
  }

  /// Σ (ln σ'/σ + (σ² + (μ - μ')²) / 2σ'² - ½), the new one being primed.
  public func divergence(from old: UnsafePointer<Float>, to new: UnsafePointer<Float>) -> Float {
    var sum: Float = 0
    for index in 0..<dimensions {
      let (oldLogSigma, newLogSigma) = (old[dimensions + index], new[dimensions + index])
      let ratio = exponential(oldLogSigma - newLogSigma)
      let shift = (old[index] - new[index]) * exponential(-newLogSigma)
      sum += newLogSigma - oldLogSigma + 0.5 * (ratio * ratio + shift * shift - 1)
    }
    return sum
  }

  /// ∂ln π/∂μ = (a - μ)/σ², ∂ln π/∂ln σ = ((a - μ)/σ)² - 1, ∂H/∂ln σ = 1.
  public func addGradient(
    _ parameters: UnsafePointer<Float>,
    of action: UnsafePointer<Float>,
    weight: Float,
    entropyWeight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<dimensions {
      let inverse = exponential(-parameters[dimensions + index])
      let deviation = (action[index] - parameters[index]) * inverse
      gradient[index] += weight * deviation * inverse
      gradient[dimensions + index] += weight * (deviation * deviation - 1) + entropyWeight
    }
  }

  private static let halfLogTwoPi: Float = 0.918_938_533_2
}
