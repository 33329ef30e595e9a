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
