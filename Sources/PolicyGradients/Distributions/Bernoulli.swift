import Environments

/// One bit that is 1 with probability sigmoid(z); the parameter is the logit z, the action 0 or 1.
public struct Bernoulli: Distribution {
  /// Creates the family.
  public init() {}

  /// The logit.
  public var parameterCount: Int { 1 }
  /// The bit.
  public var actionCount: Int { 1 }

  /// Draws from one uniform number.
  public func sample(
    _ logit: UnsafePointer<Float>,
    using generator: inout some RandomNumberGenerator,
    into action: UnsafeMutablePointer<Float>
  ) {
    action[0] = Float(generator.uniform()) < sigmoid(logit[0]) ? 1 : 0
  }

  /// 1 where z > 0.
  public func mode(_ logit: UnsafePointer<Float>, into action: UnsafeMutablePointer<Float>) {
    action[0] = logit[0] > 0 ? 1 : 0
  }

  /// a·z - ln(1 + eᶻ).
  public func logProbability(_ logit: UnsafePointer<Float>, of action: UnsafePointer<Float>) -> Float {
    action[0] * logit[0] - softplus(logit[0])
  }

  /// ln(1 + eᶻ) - p·z.
  public func entropy(_ logit: UnsafePointer<Float>) -> Float {
    softplus(logit[0]) - sigmoid(logit[0]) * logit[0]
  }

  /// p (z - z') + ln(1 + e^z') - ln(1 + eᶻ), the new one being primed.
  public func divergence(from old: UnsafePointer<Float>, to new: UnsafePointer<Float>) -> Float {
    sigmoid(old[0]) * (old[0] - new[0]) + softplus(new[0]) - softplus(old[0])
  }

  /// ∂ln π/∂z = a - p, and ∂H/∂z = -p (1 - p) z.
  public func addGradient(
    _ logit: UnsafePointer<Float>,
    of action: UnsafePointer<Float>,
    weight: Float,
    entropyWeight: Float,
    into gradient: UnsafeMutablePointer<Float>
  ) {
    let probability = sigmoid(logit[0])
    gradient[0] += weight * (action[0] - probability) - entropyWeight * probability * (1 - probability) * logit[0]
  }
}
