/// Stochastic gradient descent, with Polyak's momentum in Torch's form: b ← μb + g, θ ← θ - αb.
public final class SGD: Optimizer {
  /// The name that a saved state carries.
  public static let name = "sgd"
  /// The step size α.
  public var learningRate: Double
  /// The momentum μ; 0 is plain gradient descent.
  public let momentum: Double

  /// How many steps have been taken.
  public var stepCount = 0
  private let velocity: FloatStorage

  /// Makes an optimiser for `count` parameters.
  public init(count: Int, learningRate: Double, momentum: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    velocity = FloatStorage(count: count)
  }

  /// Takes one descent step.
  public func step(_ parameters: Parameters) {
    precondition(parameters.count == velocity.count, "SGD was made for another number of parameters")
    stepCount += 1
    let (values, gradients, velocity) = (parameters.valuePointer, parameters.gradientPointer, velocity.pointer)
    let (rate, momentum) = (Float(learningRate), Float(momentum))
    for index in 0..<parameters.count {
      let updated = momentum * velocity[index] + gradients[index]
      velocity[index] = updated
      values[index] -= rate * updated
    }
  }

  /// The velocity.
  public var moments: [UnsafeMutableBufferPointer<Float>] { [velocity.buffer] }
}
