import Environments
import NeuralNetworks

/// Action-value functions of the same inputs, trained by one optimiser, and the slow copies that targets are computed from.
///
/// For a Box each is Q(o, a), an MLP on [o, a] with one output, or with one logit for each atom of a distribution of
/// returns; for a Discrete it is Q(o, ·), an MLP on o with one output for each choice. With two of
/// them the smaller value counts, so that errors are not mistaken for value (Fujimoto et al. 2018, arXiv 1802.09477).
public final class Critics {
  /// The functions.
  public let networks: [MLP]
  /// Their slow copies.
  public let targets: [MLP]
  /// The numbers of all functions.
  public let parameters: Parameters
  /// The numbers of all slow copies.
  public let targetParameters: Parameters

  /// Creates `count` functions that are zero everywhere.
  public init(
    count: Int, inputWidth: Int, outputs: Int = 1, hiddenSizes: [Int], activation: Activation
  ) throws(NetworkError) {
    let sizes = [inputWidth] + hiddenSizes + [outputs]
    let size = try MLP.parameterCount(sizes: sizes)
    parameters = Parameters(count: count * size)
    targetParameters = Parameters(count: count * size)
    var (networks, targets): ([MLP], [MLP]) = ([], [])
    for index in 0..<count {
      networks.append(try MLP(sizes: sizes, activation: activation, parameters: parameters, offset: index * size))
      targets.append(try MLP(sizes: sizes, activation: activation, parameters: targetParameters, offset: index * size))
    }
    (self.networks, self.targets) = (networks, targets)
  }

  /// Draws the first numbers of every function, and makes the slow copies equal.
  public func initialize(_ how: Initialization, using generator: inout some RandomNumberGenerator) {
    for network in networks {
      switch how {
      case .orthogonal: network.initializeOrthogonally(outputGain: 1, using: &generator)
      case .torch: network.initializeLikeTorch(using: &generator)
      }
    }
    followTargets(rate: 1)
  }

  /// Moves the slow copies by `rate` of the way; 1 makes them equal.
  public func followTargets(rate: Double) {
    targetParameters.move(towards: parameters, rate: Float(rate))
  }
}
