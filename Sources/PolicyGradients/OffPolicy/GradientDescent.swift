import NeuralNetworks

/// Steps of some parameters down a gradient that two halves of the rows add to.
public final class GradientDescent {
  /// What is moved.
  public let parameters: Parameters
  /// The rule of every step.
  public let optimizer: any Optimizer
  private let gradients: HalvedGradients
  private let maximumNorm: Double

  /// Prepares steps of `parameters`.
  ///
  /// - Parameter maximumNorm: what a longer gradient is shortened to; 0 for any.
  public init(_ parameters: Parameters, optimizer: any Optimizer, maximumNorm: Double) {
    (self.parameters, self.optimizer, self.maximumNorm) = (parameters, optimizer, maximumNorm)
    gradients = HalvedGradients(of: parameters)
  }

  /// Forgets what has been added.
  public func zero() { gradients.zero() }

  /// Where half 0 or 1 adds its gradient.
  func gradient(_ half: Int) -> UnsafeMutablePointer<Float> { gradients.pointer(half) }

  /// Takes a step, and returns the norm that the gradient had.
  ///
  /// - Throws: ``TrainingError/diverged(quantity:update:)`` where that is not finite; no step is taken then.
  @discardableResult
  public func step(_ quantity: String) throws(TrainingError) -> Double {
    gradients.join()
    let norm = maximumNorm > 0 ? parameters.clipGradients(toNorm: maximumNorm) : parameters.gradientNorm
    try TrainingError.requireFinite(norm, quantity)
    optimizer.step(parameters)
    return norm
  }
}
