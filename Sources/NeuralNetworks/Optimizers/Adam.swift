import Kernels

/// Adam (Kingma & Ba 2015, "Adam: A Method for Stochastic Optimization", algorithm 1), in Torch's form.
///
/// m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², θ ← θ - α·(m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε).
public final class Adam: Optimizer {
  /// The name that a saved state carries.
  public static let name = "adam"
  /// The step size α.
  public var learningRate: Double
  /// The decay β₁ of the first moment.
  public let beta1: Double
  /// The decay β₂ of the second moment.
  public let beta2: Double
  /// The number ε added to the root.
  public let epsilon: Double

  /// How many steps have been taken.
  public var stepCount = 0
  private let firstMoment: FloatStorage
  private let secondMoment: FloatStorage

  /// Makes an optimiser for `count` parameters.
  public init(
    count: Int,
    learningRate: Double = 1e-3,
    beta1: Double = 0.9,
    beta2: Double = 0.999,
    epsilon: Double = 1e-8
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    firstMoment = FloatStorage(count: count)
    secondMoment = FloatStorage(count: count)
  }

  /// Takes one descent step.
  public func step(_ parameters: Parameters) {
    precondition(parameters.count == firstMoment.count, "Adam was made for another number of parameters")
    stepCount += 1
    Kernel.adamStep(
      parameters.valuePointer,
      gradients: parameters.gradientPointer,
      firstMoment: firstMoment.pointer,
      secondMoment: secondMoment.pointer,
      count: parameters.count,
      coefficients: AdamCoefficients(
        step: stepCount,
        learningRate: learningRate,
        beta1: beta1,
        beta2: beta2,
        epsilon: epsilon
      )
    )
  }

  /// The two moments.
  public var moments: [UnsafeMutableBufferPointer<Float>] { [firstMoment.buffer, secondMoment.buffer] }
}
