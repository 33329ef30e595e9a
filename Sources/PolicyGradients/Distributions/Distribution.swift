/// A family of distributions over actions, whose parameters are what a policy network computes from an observation.
///
/// Every function works on one row: `parameters` has `parameterCount` numbers and `action` has `actionCount`.
public protocol Distribution: Sendable {
  /// How many numbers determine the distribution.
  var parameterCount: Int { get }
  /// How many numbers an action has.
  var actionCount: Int { get }

  /// Draws an action.
  func sample(
    _ parameters: UnsafePointer<Float>,
    using generator: inout some RandomNumberGenerator,
    into action: UnsafeMutablePointer<Float>
  )

  /// Writes the most probable action.
  func mode(_ parameters: UnsafePointer<Float>, into action: UnsafeMutablePointer<Float>)

  /// ln π(a), the logarithm of the probability or density of `action`.
  func logProbability(_ parameters: UnsafePointer<Float>, of action: UnsafePointer<Float>) -> Float

  /// H = -E[ln π(a)] in nats.
  func entropy(_ parameters: UnsafePointer<Float>) -> Float

  /// KL(old ‖ new) = E over the old of ln old(a) - ln new(a), in nats.
  func divergence(from old: UnsafePointer<Float>, to new: UnsafePointer<Float>) -> Float

  /// Adds w·∂ln π(a)/∂parameters + h·∂H/∂parameters to `gradient`, w and h being `weight` and `entropyWeight`.
  func addGradient(
    _ parameters: UnsafePointer<Float>,
    of action: UnsafePointer<Float>,
    weight: Float,
    entropyWeight: Float,
    into gradient: UnsafeMutablePointer<Float>
  )
}
