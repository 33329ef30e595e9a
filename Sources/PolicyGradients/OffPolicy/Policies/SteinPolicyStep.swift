import Environments
import NeuralNetworks

/// The step of an implicit policy f(o, ξ) towards exp(Q/α): Stein's gradient moves particles, and the network follows them.
///
/// Particles x_i = f(o, ξ_i) stand for the actions a_i = tanh x_i. Haarnoja et al. 2017 (arXiv 1702.08165), equations 13, 14:
///
///     Δ_i = mean_j [ κ(x_j, x_i) ∇_x (Q(o, a_j)/α + ln |da_j/dx_j|) + ∇_{x_j} κ(x_j, x_i) ]
///     φ ascends mean_i Δ_i · f(o, ξ_i) with Δ held fixed
public final class SteinPolicyStep {
  /// The rule of every step.
  public let optimizer: any Optimizer

  private let network: MLP
  private let critics: CriticLearner
  private let halves: Halves
  private let gradients: HalvedGradients
  private let samplers: [SteinSampler]
  private let particles: Int
  private let alpha: Float
  private let (observationWidth, actionWidth): (Int, Int)
  private let workspaces = [Activations(), Activations()]
  private let (policyInputs, criticInputs) = (Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0))
  private let (scores, moves, outputGradients) = (
    Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0), Memory<Float>(filledWith: 0)
  )

  /// Prepares steps of a network of [o, ξ], with so many particles for each observation.
  public init(
    _ network: MLP, optimizer: any Optimizer, _ critics: CriticLearner, _ halves: Halves, particles: Int,
    temperature: Float
  ) {
    (self.network, self.optimizer, self.critics, self.halves) = (network, optimizer, critics, halves)
    (self.particles, alpha) = (particles, temperature)
    let width = network.outputSize
    (observationWidth, actionWidth) = (network.inputSize - width, width)
    gradients = HalvedGradients(of: network.parameters)
    samplers = (0..<2).map { _ in SteinSampler(particles: particles, width: width) }
  }

  /// Lays each observation beside the ξ of its particles, which are drawn row by row.
  public func draw(_ sample: ReplaySample, using generator: inout some RandomNumberGenerator) {
    let (width, total) = (observationWidth + actionWidth, sample.rows * particles)
    for memory in [policyInputs, criticInputs] { memory.reserve(total * width) }
    for memory in [scores, moves] { memory.reserve(total * actionWidth) }
    outputGradients.reserve(total)
    outputGradients.pointer.update(repeating: 1, count: total)
    for row in 0..<total {
      let input = policyInputs.pointer + row * width
      input.update(from: sample.observations + row / particles * observationWidth, count: observationWidth)
      for element in observationWidth..<width { input[element] = Float(generator.normal()) }
    }
  }

  /// Takes the step for what has been drawn.
  public func move(_ sample: ReplaySample) {
    gradients.zero()
    halves.run(rows: sample.rows, networks: [network, critics.critics.networks[0]]) { [self] half, range in
      accumulate(range, of: sample.rows, half)
    }
    gradients.join()
    optimizer.step(network.parameters)
  }

  private func accumulate(_ range: Range<Int>, of rows: Int, _ half: Int) {
    let (width, count) = (observationWidth + actionWidth, particles)
    let (first, total) = (range.lowerBound * count, range.count * count)
    guard total > 0 else { return }
    let inputs = policyInputs.pointer + first * width
    let x = network.forward(inputs, rows: total, workspaces[half])
    let critic = criticInputs.pointer + first * width
    for row in 0..<total {
      (critic + row * width).update(from: inputs + row * width, count: observationWidth)
      for index in 0..<actionWidth {
        critic[row * width + observationWidth + index] = hyperbolicTangent(x[row * actionWidth + index])
      }
    }
    let scores = scores.pointer + first * actionWidth
    _ = critics.value(0, critic, rows: total, half: half)
    critics.inputGradient(
      outputGradients.pointer + first, half: half, columns: observationWidth..<width, into: scores)
    // ∂/∂x of Q/α + Σ ln(1 - tanh² x).
    for row in 0..<total {
      for index in 0..<actionWidth {
        let (u, place) = (critic[row * width + observationWidth + index], row * actionWidth + index)
        scores[place] = scores[place] / alpha * (1 - u * u) - 2 * u
      }
    }
    let moves = moves.pointer + first * actionWidth
    for place in 0..<range.count {
      samplers[half].moves(
        x + place * count * actionWidth, scores: scores + place * count * actionWidth,
        into: moves + place * count * actionWidth)
    }
    let scale = -1 / Float(rows * count)
    for index in 0..<total * actionWidth { moves[index] *= scale }
    network.backward(moves, input: inputs, workspaces[half], into: gradients.pointer(half), inputGradient: nil)
  }

  /// The mean deviation of the particles of an observation at the latest step, in units of (-1, 1).
  public func spread(_ rows: Int) -> Double {
    let width = observationWidth + actionWidth
    var total = 0.0
    for row in 0..<rows {
      let first = criticInputs.pointer + row * particles * width + observationWidth
      for index in 0..<actionWidth {
        var (sum, squares) = (0.0, 0.0)
        for particle in 0..<particles {
          let number = Double(first[particle * width + index])
          (sum, squares) = (sum + number, squares + number * number)
        }
        let mean = sum / Double(particles)
        total += max(0, squares / Double(particles) - mean * mean).squareRoot()
      }
    }
    return total / Double(max(rows * actionWidth, 1))
  }
}
