import Kernels

/// The function applied to each hidden unit.
public enum Activation: String, CaseIterable, Sendable {
  /// The hyperbolic tangent.
  case tanh
  /// max(x, 0).
  case relu
  /// The identity, which makes the network linear.
  case identity

  /// The function as the kernels know it.
  var function: LayerFunction {
    switch self {
    case .tanh: .tanh
    case .relu: .relu
    case .identity: .identity
    }
  }

  /// Multiplies `gradient` in place by the function's derivative, given the function's `output`.
  func backpropagate(_ gradient: UnsafeMutablePointer<Float>, output: UnsafePointer<Float>, count: Int) {
    switch self {
    case .tanh: Kernel.tanhGradient(gradient, output: output, count: count, into: gradient)
    case .relu: Kernel.reluGradient(gradient, output: output, count: count, into: gradient)
    case .identity: break
    }
  }
}
