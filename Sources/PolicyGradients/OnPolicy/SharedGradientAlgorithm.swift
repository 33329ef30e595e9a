/// An on-policy algorithm whose updates are made of steps by gradients that several workers may compute, each of its own
/// experience.
///
/// An update is a number of rounds. In each, everybody computes the gradients of the round by the parameters as they are,
/// and one makes the step by their mean.
public protocol SharedGradientAlgorithm: OnPolicyAlgorithm {
  /// Whether a worker's gradients are applied as they come, by themselves; if not, each step waits for those of the others.
  static var isAsynchronous: Bool { get }
  /// How many rounds an update has.
  var rounds: Int { get }
  /// What the gradients of a round are of.
  func functions(_ round: Int) -> Set<LearnedFunction>

  /// Estimates what the gradients of an update need, by the parameters that the batch was collected with.
  func begin(_ batch: RolloutBuffer, _ metrics: inout Metrics)

  /// Computes the gradients of a round, instead of those of the round before.
  func accumulateGradients(_ round: Int, _ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError)

  /// Makes the step of a round by the gradients that are there.
  ///
  /// - Parameter metrics: what has been measured in the round, by several workers on average.
  func step(_ round: Int, _ metrics: inout Metrics) throws(TrainingError)
}

/// What gradients can be of.
public enum LearnedFunction: Sendable {
  /// π.
  case policy
  /// V.
  case value
}

extension SharedGradientAlgorithm {
  /// Makes all rounds on one batch.
  public func update(_ batch: RolloutBuffer, _ metrics: inout Metrics) throws(TrainingError) {
    // Steps may depend on what was measured, whether anybody reads it or not.
    var figures = Metrics()
    begin(batch, &figures)
    for round in 0..<rounds {
      try accumulateGradients(round, batch, &figures)
      try step(round, &figures)
    }
    metrics.add(figures)
  }
}
