import Environments
import Kernels
import NeuralNetworks

/// A deterministic policy μ(o) = tanh(network(o)), its slow copy, and the step that improves it.
final class DeterministicActor {
  let network: MLP
  let target: MLP
  let optimizer: any Optimizer
  private let gradients: HalvedGradients
  private let workspaces = [Activations(), Activations()]
  private let outputGradients = [Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)]

  init(_ network: MLP, optimizer: any Optimizer) throws(NetworkError) {
    (self.network, self.optimizer) = (network, optimizer)
    target = try MLP(sizes: network.sizes, activation: network.activation)
    target.parameters.move(towards: network.parameters, rate: 1)
    gradients = HalvedGradients(of: network.parameters)
  }

  /// Writes μ(o) of some rows, row r's to `actions + r · stride`; of the slow copy where `usesTarget`.
  func act(
    _ observations: UnsafePointer<Float>, rows: Int, half: Int = 0, usesTarget: Bool = false,
    into actions: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let network = usesTarget ? target : network
    let output = network.forward(observations, rows: rows, workspaces[half])
    let width = network.outputSize
    Kernel.tanh(output, count: rows * width, into: output)
    for row in 0..<rows {
      for index in 0..<width { actions[row * stride + index] = output[row * width + index] }
    }
  }

  func zeroGradients() { gradients.zero() }

  /// Adds the gradient of Σ f(μ(o)) over the rows of the latest ``act`` of the policy itself, given ∂f/∂u, rows × action width.
  func accumulate(
    _ observations: UnsafePointer<Float>, rows: Int, half: Int, actionGradients: UnsafePointer<Float>
  ) {
    guard rows > 0 else { return }
    let (width, actions) = (network.outputSize, network.outputs(of: workspaces[half]))
    outputGradients[half].reserve(rows * width)
    let gradient = outputGradients[half].pointer
    for row in 0..<rows {
      for index in 0..<width {
        let u = actions[row * width + index]
        gradient[row * width + index] = actionGradients[row * width + index] * (1 - u * u)
      }
    }
    network.backward(
      gradient, input: observations, workspaces[half], into: gradients.pointer(half), inputGradient: nil)
  }

  /// One descent step along what has been added.
  func step() {
    gradients.join()
    optimizer.step(network.parameters)
  }

  /// Moves the slow copy by `rate` of the way.
  func followTarget(rate: Double) { target.parameters.move(towards: network.parameters, rate: Float(rate)) }
}
