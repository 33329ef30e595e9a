import Environments
import Kernels
import NeuralNetworks

/// The arithmetic of one gradient step of soft actor-critic on Pendulum's sizes, with random numbers for a batch: what is
/// left when environment, replay and bookkeeping cost nothing.
final class SoftActorCriticStep {
  private static let (observationWidth, actionWidth, width) = (3, 1, 4)

  private let rows: Int
  private let actor: MLP
  private let critics, targets: [MLP]
  private let criticParameters, targetParameters: Parameters
  private let actorOptimizer, criticOptimizer: Adam
  private let actorWorkspace = Activations()
  private let workspaces = [Activations(), Activations()]
  private var generator = PCG64(seed: 0)
  private let observations, nextObservations, inputs, nextInputs, noise, logProbabilities, goals: Numbers
  private let valueGradient, actionGradients, policyGradient: Numbers

  init(hidden: [Int], rows: Int) throws {
    self.rows = rows
    let sizes = [Self.width] + hidden + [1]
    let count = try MLP.parameterCount(sizes: sizes)
    (criticParameters, targetParameters) = (Parameters(count: 2 * count), Parameters(count: 2 * count))
    actor = try MLP(sizes: [Self.observationWidth] + hidden + [2 * Self.actionWidth], activation: .relu)
    actor.initializeLikeTorch(using: &generator)
    critics = try [0, count].map { [criticParameters] in
      try MLP(sizes: sizes, activation: .relu, parameters: criticParameters, offset: $0)
    }
    for critic in critics { critic.initializeLikeTorch(using: &generator) }
    targets = try [0, count].map { [targetParameters] in
      try MLP(sizes: sizes, activation: .relu, parameters: targetParameters, offset: $0)
    }
    targetParameters.move(towards: criticParameters, rate: 1)
    actorOptimizer = Adam(count: actor.parameterCount, learningRate: 1e-3)
    criticOptimizer = Adam(count: 2 * count, learningRate: 1e-3)
    (observations, nextObservations) = (Numbers(rows * 3), Numbers(rows * 3))
    (inputs, nextInputs) = (Numbers(rows * Self.width), Numbers(rows * Self.width))
    (noise, logProbabilities, goals) = (Numbers(2 * rows), Numbers(rows), Numbers(rows))
    (valueGradient, actionGradients, policyGradient) = (Numbers(rows), Numbers(rows), Numbers(2 * rows))
    for numbers in [observations, nextObservations, inputs, nextInputs] {
      for index in 0..<numbers.count { numbers.start[index] = Float.random(in: -1...1, using: &generator) }
    }
  }

  /// Floating-point operations of the matrix products.
  var operations: Double {
    func products(_ network: MLP) -> Int { network.layers.reduce(0) { $0 + 2 * rows * $1.weightCount } }
    // Forward: actor twice, targets, critics twice. Back: the critics' weights and inputs, their inputs, the actor's.
    return Double(products(actor) * 4 + products(critics[0]) * 2 * 6)
  }

  func run() {
    drawNoise()
    stepCritics()
    stepActor()
    targetParameters.move(towards: criticParameters, rate: 0.005)
  }

  private func drawNoise() {
    for index in 0..<rows {
      let bits = generator.next()
      noise.start[index] = Float(bits >> 40 + 1) * 0x1p-24
      noise.start[rows + index] = Float((bits >> 8) & 0xFF_FFFF) * 0x1p-24
    }
    Kernel.normalNumbers(noise.start, pairs: rows, into: noise.start)
  }

  /// Puts actions of the actor, drawn with the noise at `offset`, beside the observations in `inputs`.
  private func act(_ observations: Numbers, noiseAt offset: Int, into inputs: Numbers) -> UnsafePointer<Float> {
    let parameters = actor.forward(observations.start, rows: rows, actorWorkspace)
    Kernel.squashedGaussianSample(
      parameters, noise: noise.start + offset, rows: rows, dimensions: 1, into: inputs.start + Self.observationWidth,
      stride: Self.width, logProbabilities: logProbabilities.start)
    return UnsafePointer(parameters)
  }

  private func stepCritics() {
    actor.freeze()
    _ = act(nextObservations, noiseAt: 0, into: nextInputs)
    let first = targets[0].forward(nextInputs.start, rows: rows, workspaces[0])
    let second = targets[1].forward(nextInputs.start, rows: rows, workspaces[1])
    for row in 0..<rows {
      goals.start[row] = 0.99 * (min(first[row], second[row]) - 0.2 * logProbabilities.start[row])
    }
    criticParameters.zeroGradients()
    for critic in critics {
      let values = critic.forward(inputs.start, rows: rows, workspaces[0])
      for row in 0..<rows { valueGradient.start[row] = 2 / Float(rows) * (values[row] - goals.start[row]) }
      critic.backward(valueGradient.start, input: inputs.start, workspaces[0])
    }
    criticOptimizer.step(criticParameters)
  }

  private func stepActor() {
    let parameters = act(observations, noiseAt: rows, into: inputs)
    let values = critics.indices.map { critics[$0].forward(inputs.start, rows: rows, workspaces[$0]) }
    actionGradients.start.update(repeating: 0, count: rows)
    for index in critics.indices {
      for row in 0..<rows {
        let (value, other) = (values[index][row], values[1 - index][row])
        valueGradient.start[row] = value < other || (value == other && index == 0) ? -1 / Float(rows) : 0
      }
      critics[index].inputGradient(
        valueGradient.start, workspaces[index], columns: Self.observationWidth..<Self.width, into: goals.start)
      Kernel.accumulate(1, times: goals.start, count: rows, into: actionGradients.start)
    }
    Kernel.squashedGaussianGradient(
      parameters, noise: noise.start + rows, rows: rows, dimensions: 1, actions: inputs.start + Self.observationWidth,
      stride: Self.width, actionGradients: actionGradients.start, gradientStride: 1, logWeight: 0.2 / Float(rows),
      into: policyGradient.start)
    actor.parameters.zeroGradients()
    actor.backward(policyGradient.start, input: observations.start, actorWorkspace)
    actorOptimizer.step(actor.parameters)
  }
}

/// Zeroed floats that live as long as this object.
private final class Numbers {
  let count: Int
  let start: UnsafeMutablePointer<Float>

  init(_ count: Int) {
    self.count = count
    start = .allocate(capacity: count)
    start.initialize(repeating: 0, count: count)
  }

  deinit { start.deallocate() }
}
