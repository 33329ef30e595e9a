import Environments

/// Φ(o): how near to the goal an observation is, as somebody thinks; on the scale of the rewards that are still to come.
public protocol Potential: AnyObject {
  /// Writes Φ of each of `rows` encoded observations, not normalised, to `values`.
  func evaluate(_ observations: UnsafePointer<Float>, rows: Int, into values: UnsafeMutablePointer<Double>)
}

/// A potential that is a formula of the numbers of an observation.
public final class ExpressionPotential: Potential {
  private let expression: ObservationExpression
  private let width: Int

  /// Takes a formula for encoded observations of `observationWidth` numbers.
  ///
  /// - Throws: ``TrainingError/unusablePotential(reason:)`` where the formula asks for a number that there is not.
  public init(_ expression: ObservationExpression, observationWidth: Int) throws(TrainingError) {
    guard expression.observationWidth <= observationWidth else {
      throw .unusablePotential(
        reason: "it asks for o[\(expression.observationWidth - 1)], but an observation has the numbers o[0] to "
          + "o[\(observationWidth - 1)]")
    }
    (self.expression, width) = (expression, observationWidth)
  }

  /// Writes the formula's value of each row.
  public func evaluate(
    _ observations: UnsafePointer<Float>, rows: Int, into values: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rows { values[row] = expression.value(observations + row * width) }
  }
}

/// A potential that is the value function of a trained policy.
///
/// Where that policy learned from scaled rewards (`--scale-rewards`), its values are on that scale.
public final class LearnedPotential: Potential {
  private let value: ValueNetwork
  private let normalizer: ObservationNormalizer?
  private let width: Int
  private let normalized: Memory<Float>
  private let outputs: Memory<Float>

  /// Takes the value function out of what a policy file holds.
  ///
  /// - Throws: ``TrainingError/unusablePotential(reason:)`` where it has none, or one of other observations.
  public init(_ snapshot: PolicySnapshot, observationSpace: Space) throws(TrainingError) {
    guard snapshot.observationSpace == observationSpace, !snapshot.wrappers.changesNumbers else {
      throw .unusablePotential(reason: "its policy was made for other observations than those of this environment")
    }
    let width = try ObservationEncoder(observationSpace).width
    guard let value = try ValueNetwork(snapshot, observationWidth: width) else {
      throw .unusablePotential(reason: "its policy has no value function; one of vpg or ppo has")
    }
    (self.value, self.width) = (value, width)
    normalizer = try snapshot.normalization.map { (statistics) throws(TrainingError) in
      try ObservationNormalizer(statistics, width: width, count: Double(max(1, snapshot.environmentSteps)))
    }
    normalized = Memory(count: width, filledWith: 0)
    outputs = Memory(filledWith: 0)
  }

  /// Writes V of each row.
  public func evaluate(
    _ observations: UnsafePointer<Float>, rows: Int, into values: UnsafeMutablePointer<Double>
  ) {
    normalized.reserve(rows * width)
    outputs.reserve(rows)
    normalized.pointer.update(from: observations, count: rows * width)
    normalizer?.apply(normalized.pointer, rows: rows)
    value.evaluate(normalized.pointer, rows: rows, into: outputs.pointer)
    for row in 0..<rows { values[row] = Double(outputs[row]) }
  }
}
