import Environments
import NeuralNetworks

/// A squashed Gaussian policy, the step that improves it, and workspaces for two halves of the rows.
final class GaussianActor {
  let network: MLP
  let family: SquashedGaussian
  let optimizer: any Optimizer
  private let gradients: HalvedGradients
  private let workspaces = [Activations(), Activations()]
  private let outputGradients = [Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)]

  init(_ network: MLP, optimizer: any Optimizer) {
    (self.network, self.optimizer) = (network, optimizer)
    family = SquashedGaussian(dimensions: network.outputSize / 2)
    gradients = HalvedGradients(of: network.parameters)
  }

  /// Draws u ~ π(·|o) of some rows by the noise given, and ln π of it; in half 0 or 1 of the work.
  func sample(
    _ observations: UnsafePointer<Float>, noise: UnsafePointer<Float>, rows: Int, half: Int,
    into actions: UnsafeMutablePointer<Float>, stride: Int, logProbabilities: UnsafeMutablePointer<Float>?
  ) {
    let z = network.forward(observations, rows: rows, workspaces[half])
    family.sample(
      z, noise: noise, rows: rows, into: actions, stride: stride, logProbabilities: logProbabilities)
  }

  /// The parameters of some rows' distributions.
  func parameters(_ observations: UnsafePointer<Float>, rows: Int) -> UnsafePointer<Float> {
    UnsafePointer(network.forward(observations, rows: rows, workspaces[0]))
  }

  func zeroGradients() { gradients.zero() }

  /// Adds the gradient of Σ (f(u) + w ln π(u)) over the rows of the latest ``sample``, given ∂f/∂u.
  func accumulate(
    _ observations: UnsafePointer<Float>, noise: UnsafePointer<Float>, rows: Int, half: Int,
    actions: UnsafePointer<Float>, stride: Int, actionGradients: UnsafePointer<Float>, logWeight: Float
  ) {
    guard rows > 0 else { return }
    let z = network.outputs(of: workspaces[half])
    outputGradients[half].reserve(rows * network.outputSize)
    let gradient = outputGradients[half].pointer
    family.reparameterizedGradient(
      z, noise: noise, rows: rows, actions: actions, stride: stride, actionGradients: actionGradients,
      logWeight: logWeight, into: gradient)
    network.backward(
      gradient, input: observations, workspaces[half], into: gradients.pointer(half), inputGradient: nil)
  }

  /// One descent step along what has been added.
  func step() {
    gradients.join()
    optimizer.step(network.parameters)
  }
}
