import NeuralNetworks

/// A learned value function V(o), the expected return from an observation on.
public final class ValueNetwork {
  /// The network, with one output.
  public let network: MLP
  private let activations = Activations()
  private let regression: LeastSquares

  /// Creates a value function that is zero everywhere; `helper` takes a part of large batches, which changes no bit.
  public init(
    observationWidth: Int, hiddenSizes: [Int], activation: Activation, helper: HelperThread? = nil
  ) throws(NetworkError) {
    network = try MLP(sizes: [observationWidth] + hiddenSizes + [1], activation: activation)
    regression = try LeastSquares(network, helper: helper)
  }

  /// Draws the first numbers of the network.
  public func initialize(_ how: Initialization, using generator: inout some RandomNumberGenerator) {
    switch how {
    case .orthogonal: network.initializeOrthogonally(outputGain: 1, using: &generator)
    case .torch: network.initializeLikeTorch(using: &generator)
    }
  }

  /// Writes V of each of `rows` encoded observations to `values`.
  public func evaluate(_ observations: UnsafePointer<Float>, rows: Int, into values: UnsafeMutablePointer<Float>) {
    var first = 0
    while first < rows, first == 0 || !network.isInterrupted() {
      let count = min(MLP.blockRows, rows - first)
      let output = network.forward(observations + first * network.inputSize, rows: count, activations)
      (values + first).update(from: output, count: count)
      first += count
    }
  }

  /// Adds the gradient of the loss mean (V - target)² to the network's gradients, and returns the loss.
  @discardableResult
  public func accumulateGradients(
    _ observations: UnsafePointer<Float>,
    targets: UnsafePointer<Float>,
    rows: Int
  ) -> Double {
    regression.accumulateGradients(observations, targets: targets, rows: rows)
  }
}
