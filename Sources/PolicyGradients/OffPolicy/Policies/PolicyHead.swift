import Environments
import Kernels
import NeuralNetworks

/// What the outputs of an off-policy policy's network mean: how a row of them becomes an action, in (-1, 1) or as an index.
public enum PolicyHead: Equatable, Sendable {
  /// A squashed Gaussian over so many numbers.
  case squashed(Int)
  /// So many numbers, squashed by tanh.
  case deterministic(Int)
  /// So many numbers, squashed by tanh, of a network that is also given as many normal numbers ξ beside the observation.
  case implicit(Int)
  /// The logits of so many choices.
  case choice(Int)

  /// The name in a policy file; nil for what version 1 of the format has.
  public var kind: String? {
    switch self {
    case .squashed: "squashed-gaussian"
    case .deterministic: "deterministic"
    case .implicit: "implicit"
    case .choice: nil
    }
  }

  /// The outputs of a network.
  public var outputs: Int {
    switch self {
    case .squashed(let width): 2 * width
    case .deterministic(let count), .implicit(let count), .choice(let count): count
    }
  }

  /// The numbers of an action.
  public var actionWidth: Int {
    switch self {
    case .squashed(let width), .deterministic(let width), .implicit(let width): width
    case .choice: 1
    }
  }

  /// Whether an action has a density or a probability.
  public var hasDensity: Bool {
    switch self {
    case .squashed, .choice: true
    case .deterministic, .implicit: false
    }
  }

  /// The normal numbers that the network is given beside an observation.
  public var noiseWidth: Int { if case .implicit(let width) = self { width } else { 0 } }

  /// Takes choices that a mask forbids out of a row of outputs.
  func apply(mask: UnsafePointer<UInt8>, to outputs: UnsafeMutablePointer<Float>) {
    guard case .choice(let count) = self else { return }
    for index in 0..<count where mask[index] == 0 { outputs[index] = -.infinity }
  }

  /// Writes the action that is taken where nothing is left to chance.
  func greedy(_ outputs: UnsafePointer<Float>, into action: UnsafeMutablePointer<Float>) {
    switch self {
    case .squashed(let width), .deterministic(let width), .implicit(let width):
      Kernel.tanh(outputs, count: width, into: action)
    case .choice(let count): Categorical(choices: count).mode(outputs, into: action)
    }
  }

  /// Draws an action.
  func sample(
    _ outputs: UnsafePointer<Float>, using generator: inout some RandomNumberGenerator,
    into action: UnsafeMutablePointer<Float>
  ) {
    switch self {
    case .squashed(let width):
      for index in 0..<width { action[index] = Float(generator.normal()) }
      SquashedGaussian(dimensions: width).sample(
        outputs, noise: action, rows: 1, into: action, stride: width, logProbabilities: nil)
    case .deterministic, .implicit: greedy(outputs, into: action)
    case .choice(let count): Categorical(choices: count).sample(outputs, using: &generator, into: action)
    }
  }

  /// ln π of an action; nil where there is no density.
  func logProbability(_ outputs: UnsafePointer<Float>, of action: UnsafePointer<Float>) -> Float? {
    switch self {
    case .squashed(let width): SquashedGaussian(dimensions: width).logProbability(outputs, of: action)
    case .deterministic, .implicit: nil
    case .choice(let count): Categorical(choices: count).logProbability(outputs, of: action)
    }
  }
}
