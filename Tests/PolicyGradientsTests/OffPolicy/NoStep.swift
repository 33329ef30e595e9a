import NeuralNetworks
import Testing

/// Remembers the gradient of a step and takes none.
final class NoStep: Optimizer {
  static let name = "none"
  var learningRate = 0.0
  var gradient: [Float] = []
  func step(_ parameters: Parameters) { gradient = Array(parameters.gradients) }
  var stepCount = 0
  var moments: [UnsafeMutableBufferPointer<Float>] { [] }
}

/// Expects a gradient to be that of finite differences in every few of the parameters.
func expectGradient(_ gradient: [Float], of parameters: Parameters, every step: Int = 3, _ loss: () -> Double) {
  for index in stride(from: 0, to: parameters.count, by: step) {
    let old = parameters.values[index]
    parameters.values[index] = old + 5e-3
    let up = loss()
    parameters.values[index] = old - 5e-3
    let down = loss()
    parameters.values[index] = old
    let difference = (up - down) / 1e-2
    #expect(abs(difference - Double(gradient[index])) < 1e-2 * (0.05 + abs(difference)), "parameter \(index)")
  }
}
