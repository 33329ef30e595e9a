/// A rule that moves parameters against their gradient.
public protocol Optimizer: AnyObject {
  /// The name that a saved state carries.
  static var name: String { get }
  /// The step size α, which a schedule may change between steps.
  var learningRate: Double { get set }
  /// Takes one descent step on the gradients of `parameters`, which must have the count that this optimiser was made for.
  func step(_ parameters: Parameters)
  /// How many steps have been taken.
  var stepCount: Int { get set }
  /// The running quantities, each as long as the parameters; the memory lives as long as the optimiser.
  var moments: [UnsafeMutableBufferPointer<Float>] { get }
}

/// The memory of an optimiser as flat arrays.
public struct OptimizerState: Equatable, Sendable {
  /// The optimiser's name.
  public var optimizer: String
  /// The number of steps taken.
  public var stepCount: Int
  /// One array for each running quantity, each as long as the parameters.
  public var moments: [[Float]]

  /// Makes a state from its parts, as read from a checkpoint.
  public init(optimizer: String, stepCount: Int, moments: [[Float]]) {
    self.optimizer = optimizer
    self.stepCount = stepCount
    self.moments = moments
  }
}

extension Optimizer {
  /// All that the next step depends on besides the settings, to be saved bit for bit.
  public var state: OptimizerState {
    OptimizerState(optimizer: Self.name, stepCount: stepCount, moments: moments.map { Array($0) })
  }

  /// Goes back to a saved state.
  public func restore(_ state: OptimizerState) throws(NetworkError) {
    let moments = moments
    guard state.optimizer == Self.name else {
      throw .wrongOptimizer(expected: Self.name, actual: state.optimizer)
    }
    guard state.moments.count == moments.count else {
      throw .wrongCount(what: "list of optimiser moments", expected: moments.count, actual: state.moments.count)
    }
    guard state.stepCount >= 0 else {
      throw .wrongCount(what: "optimiser step count", expected: 0, actual: state.stepCount)
    }
    for (moment, numbers) in zip(moments, state.moments) {
      try moment.load(numbers, what: "optimiser moments")
    }
    stepCount = state.stepCount
  }
}
