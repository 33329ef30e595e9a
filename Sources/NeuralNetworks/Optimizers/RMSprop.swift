/// RMSprop (Tieleman & Hinton 2012, lecture 6.5 of "Neural Networks for Machine Learning"): v ← ρv + (1-ρ)g².
///
/// The two forms in use differ in where ε stands and in how v begins, and A2C's published results need TensorFlow's.
public final class RMSprop: Optimizer {
  /// Which of the two forms.
  public enum Form: String, CaseIterable, Sendable {
    /// θ ← θ - α·g / (√v + ε), v begins at 0.
    case torch
    /// θ ← θ - α·g / √(v + ε), v begins at 1.
    case tensorFlow
  }

  /// The name that a saved state carries.
  public static let name = "rmsprop"
  /// The step size α.
  public var learningRate: Double
  /// The decay ρ of the mean square.
  public let decay: Double
  /// The number ε that keeps the quotient finite.
  public let epsilon: Double
  /// Which of the two forms.
  public let form: Form

  /// How many steps have been taken.
  public var stepCount = 0
  private let meanSquare: FloatStorage

  /// Makes an optimiser for `count` parameters.
  public init(
    count: Int,
    learningRate: Double = 7e-4,
    decay: Double = 0.99,
    epsilon: Double = 1e-8,
    form: Form = .torch
  ) {
    self.learningRate = learningRate
    self.decay = decay
    self.epsilon = epsilon
    self.form = form
    meanSquare = FloatStorage(count: count)
    if form == .tensorFlow {
      meanSquare.pointer.update(repeating: 1, count: count)
    }
  }

  /// Takes one descent step.
  public func step(_ parameters: Parameters) {
    precondition(parameters.count == meanSquare.count, "RMSprop was made for another number of parameters")
    stepCount += 1
    let (values, gradients, meanSquare) = (parameters.valuePointer, parameters.gradientPointer, meanSquare.pointer)
    let (rate, gain) = (Float(learningRate), Float(1 - decay))
    let inside = form == .tensorFlow ? Float(epsilon) : 0
    let outside = form == .torch ? Float(epsilon) : 0
    for index in 0..<parameters.count {
      let gradient = gradients[index]
      let updated = meanSquare[index] + gain * (gradient * gradient - meanSquare[index])
      meanSquare[index] = updated
      values[index] -= rate * gradient / ((updated + inside).squareRoot() + outside)
    }
  }

  /// The mean square.
  public var moments: [UnsafeMutableBufferPointer<Float>] { [meanSquare.buffer] }
}
