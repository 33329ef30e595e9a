import Environments
import NeuralNetworks

/// A stochastic dueling network: V(o), and an action value that has no other mean over π than V.
///
///     Q̃(o, u) = V(o) + A(o, u) - 1/n Σ_i A(o, u_i),   u_i ~ π(·|o)
///
/// Wang et al. 2017 (arXiv 1611.01224), section 3.2.1. V and A are networks of their own, with one optimiser.
public final class DuelingCritic {
  /// V.
  public let value: MLP
  /// A, of [o, u].
  public let advantage: MLP
  /// The steps of both.
  public let descent: GradientDescent
  /// How many u_i there are, n.
  public let samples: Int
  private let observationWidth: Int
  private let workspaces = [Workspace(), Workspace()]

  /// What one half of the rows needs.
  private final class Workspace {
    let value = Activations()
    let advantage = Activations()
    let other = Activations()
    /// [o, u] of all rows, then [o, u_1] of all rows, and so on.
    let inputs = Memory<Float>(filledWith: 0)
    let otherInputs = Memory<Float>(filledWith: 0)
    let gradients = Memory<Float>(filledWith: 0)
  }

  /// Creates networks that are zero everywhere.
  ///
  /// - Parameter descent: makes the steps of the parameters that are given.
  public init(
    observationWidth: Int, actionWidth: Int, samples: Int, hiddenSizes: [Int], activation: Activation,
    descent: (Parameters) -> GradientDescent
  ) throws(NetworkError) {
    (self.observationWidth, self.samples) = (observationWidth, samples)
    let sizes = (
      value: [observationWidth] + hiddenSizes + [1], advantage: [observationWidth + actionWidth] + hiddenSizes + [1]
    )
    let count = try MLP.parameterCount(sizes: sizes.value)
    let parameters = Parameters(count: count + (try MLP.parameterCount(sizes: sizes.advantage)))
    value = try MLP(sizes: sizes.value, activation: activation, parameters: parameters)
    advantage = try MLP(sizes: sizes.advantage, activation: activation, parameters: parameters, offset: count)
    self.descent = descent(parameters)
  }

  /// Draws the first numbers of both networks.
  public func initialize(_ how: Initialization, using generator: inout some RandomNumberGenerator) {
    for network in [value, advantage] {
      switch how {
      case .orthogonal: network.initializeOrthogonally(outputGain: 1, using: &generator)
      case .torch: network.initializeLikeTorch(using: &generator)
      }
    }
  }

  /// The actions of a half that are judged: index 0 has u of each row, index i has u_i.
  ///
  /// Row r's action is at `pointer + r · stride`; whoever draws the samples writes them here.
  public func actions(
    _ index: Int, rows: Int, half: Int
  ) -> (pointer: UnsafeMutablePointer<Float>, stride: Int) {
    let inputs = workspaces[half].inputs
    inputs.reserve((samples + 1) * rows * advantage.inputSize)
    return (inputs.pointer + index * rows * advantage.inputSize + observationWidth, advantage.inputSize)
  }

  /// The actions u′ of a half that are judged beside, and from which nothing is learned.
  public func otherActions(rows: Int, half: Int) -> (pointer: UnsafeMutablePointer<Float>, stride: Int) {
    let inputs = workspaces[half].otherInputs
    inputs.reserve(rows * advantage.inputSize)
    return (inputs.pointer + observationWidth, advantage.inputSize)
  }

  /// Writes V(o), Q̃(o, u) and Q̃(o, u′) of some rows, whose actions have been written.
  public func judge(
    _ observations: UnsafePointer<Float>, rows: Int, half: Int, values: UnsafeMutablePointer<Float>,
    actionValues: UnsafeMutablePointer<Float>, otherValues: UnsafeMutablePointer<Float>
  ) {
    let (workspace, width) = (workspaces[half], advantage.inputSize)
    for index in 0...samples {
      copy(observations, rows, to: workspace.inputs.pointer + index * rows * width)
    }
    copy(observations, rows, to: workspace.otherInputs.pointer)
    let v = value.forward(observations, rows: rows, workspace.value)
    let a = advantage.forward(workspace.inputs.pointer, rows: (samples + 1) * rows, workspace.advantage)
    let other = advantage.forward(workspace.otherInputs.pointer, rows: rows, workspace.other)
    for row in 0..<rows {
      var sum: Float = 0
      for index in 1...samples { sum += a[index * rows + row] }
      let base = v[row] - sum / Float(samples)
      values[row] = v[row]
      actionValues[row] = base + a[row]
      otherValues[row] = base + other[row]
    }
  }

  private func copy(_ observations: UnsafePointer<Float>, _ rows: Int, to inputs: UnsafeMutablePointer<Float>) {
    for row in 0..<rows {
      (inputs + row * advantage.inputSize).update(
        from: observations + row * observationWidth, count: observationWidth)
    }
  }

  /// Adds the gradient of a loss of the rows that were judged last, given ∂loss/∂Q̃(o, u) and what V has beside it.
  public func accumulate(
    _ observations: UnsafePointer<Float>, rows: Int, half: Int, actionGradient: UnsafePointer<Float>,
    valueGradient: UnsafePointer<Float>
  ) {
    let (workspace, gradients) = (workspaces[half], descent.gradient(half))
    workspace.gradients.reserve((samples + 2) * rows)
    let (advantageGradient, total) = (workspace.gradients.pointer, workspace.gradients.pointer + (samples + 1) * rows)
    for row in 0..<rows {
      advantageGradient[row] = actionGradient[row]
      total[row] = actionGradient[row] + valueGradient[row]
      for index in 1...samples { advantageGradient[index * rows + row] = -actionGradient[row] / Float(samples) }
    }
    value.backward(
      total, input: observations, workspace.value, into: gradients + value.offset, inputGradient: nil)
    advantage.backward(
      advantageGradient, input: workspace.inputs.pointer, workspace.advantage, into: gradients + advantage.offset,
      inputGradient: nil)
  }

  /// Both networks and the optimiser.
  var parts: [Part] {
    [.parameters("critic", descent.parameters), .optimizer("critic optimizer", descent.optimizer)]
  }
}
