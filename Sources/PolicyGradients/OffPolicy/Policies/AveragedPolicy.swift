import Environments
import NeuralNetworks

/// A policy's network, the slow average that it is kept near to, and the steps that improve it.
public final class AveragedPolicy {
  /// The network.
  public let network: MLP
  /// Its slow average.
  public let average: MLP
  let descent: GradientDescent
  private let rate: Float
  private let workspaces = [Activations(), Activations()]
  private let averageWorkspaces = [Activations(), Activations()]

  /// Makes an average that is equal at first.
  ///
  /// - Parameter rate: how far the average moves after each step.
  public init(_ network: MLP, descent: GradientDescent, rate: Double) throws(NetworkError) {
    (self.network, self.descent, self.rate) = (network, descent, Float(rate))
    average = try MLP(sizes: network.sizes, activation: network.activation)
    average.parameters.move(towards: network.parameters, rate: 1)
  }

  /// The outputs of some rows, in half 0 or 1 of the work.
  public func forward(_ observations: UnsafePointer<Float>, rows: Int, half: Int) -> UnsafeMutablePointer<Float> {
    network.forward(observations, rows: rows, workspaces[half])
  }

  /// The outputs of the average.
  func forwardAverage(_ observations: UnsafePointer<Float>, rows: Int, half: Int) -> UnsafeMutablePointer<Float> {
    average.forward(observations, rows: rows, averageWorkspaces[half])
  }

  /// Adds ∂loss/∂outputs of the rows of the latest ``forward(_:rows:half:)``.
  public func accumulate(_ outputGradient: UnsafePointer<Float>, _ observations: UnsafePointer<Float>, half: Int) {
    network.backward(
      outputGradient, input: observations, workspaces[half], into: descent.gradient(half), inputGradient: nil)
  }

  /// Takes a step down what has been added, and lets the average follow.
  public func step() throws(TrainingError) -> Double {
    let norm = try descent.step("gradient of the policy")
    average.parameters.move(towards: network.parameters, rate: rate)
    return norm
  }

  /// The network, its average and the optimiser.
  var parts: [Part] {
    [
      .parameters("policy", network.parameters), .parameters("average policy", average.parameters),
      .optimizer("policy optimizer", descent.optimizer),
    ]
  }
}
