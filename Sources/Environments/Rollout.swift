/// What a copy of a policy did in some sub-environments for a number of steps, and what came of it.
///
/// Row t · streams + i of everything is step t of sub-environment i.
public final class Rollout {
  /// The number of steps.
  public let steps: Int
  /// The number of sub-environments.
  public let streams: Int
  /// What came of each step.
  public let outcome: StepBatch
  /// The actions as they were drawn, as the agent's networks see them: rows of float32.
  public let actions: FlatArray
  /// What else the agent needs to know of how they were drawn: rows of float32, of no numbers where that is nothing.
  public let drawn: FlatArray
  /// The parts of the agent that belong to the sub-environments, as they were afterwards.
  public var streamParts: [PartNumbers] = []
  /// How often the worker has started an environment process anew, until now.
  public var restarts = 0

  /// Creates room for a rollout.
  ///
  /// - Parameters:
  ///   - maskedActions: the space of the actions if some of them may be forbidden; nil if none ever is.
  ///   - actionWidth: how many numbers an action has.
  ///   - drawnWidth: how many numbers else.
  public init(
    steps: Int, streams: Int, observationSpace: Space, maskedActions: Space?, actionWidth: Int, drawnWidth: Int
  ) {
    (self.steps, self.streams) = (steps, streams)
    let rows = steps * streams
    outcome = StepBatch(observationSpace: observationSpace, maskedActions: maskedActions, count: rows)
    actions = FlatArray(.float32, count: rows * actionWidth)
    drawn = FlatArray(.float32, count: rows * drawnWidth)
  }

  /// The rows of a step.
  public func rows(_ step: Int) -> Range<Int> { step * streams..<(step + 1) * streams }

  /// The numbers of some rows in one of the arrays.
  public func numbers(_ array: FlatArray, of rows: Range<Int>) -> UnsafeBufferPointer<Float> {
    let width = outcome.count > 0 ? array.count / outcome.count : 0
    return UnsafeBufferPointer(
      rebasing: array.numbers(as: Float.self)[rows.lowerBound * width..<rows.upperBound * width])
  }
}

/// What a worker is asked to do.
public struct RolloutOrder: Sendable {
  /// How many steps to make of each sub-environment.
  public var steps: Int
  /// How many further steps to make at the most, until the episodes that run after those have ended.
  public var furtherSteps = 0
  /// Whether fewer steps will do where the worker has failed on the way.
  public var mayFallShort = false
  /// The version of the policy to act by.
  public var policyVersion: Int
  /// The parts of the agent that make the policy.
  public var policy: [PartNumbers]
  /// The parts of the agent that belong to the sub-environments.
  public var streamParts: [PartNumbers]

  /// Creates an order.
  public init(
    steps: Int, furtherSteps: Int = 0, mayFallShort: Bool = false, policyVersion: Int, policy: [PartNumbers],
    streamParts: [PartNumbers]
  ) {
    (self.steps, self.furtherSteps, self.mayFallShort) = (steps, furtherSteps, mayFallShort)
    (self.policyVersion, self.policy, self.streamParts) = (policyVersion, policy, streamParts)
  }
}
