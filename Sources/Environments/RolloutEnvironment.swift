/// Sub-environments that live with a copy of the policy, which acts for them there: many steps are one question.
///
/// They are played back step by step: ``nextStep()`` tells the actions, and ``VectorEnvironment/finishStep()`` what came of
/// them. ``VectorEnvironment/beginStep(_:)`` has nothing to do.
public protocol RolloutEnvironment: VectorEnvironment {
  /// How many steps wait to be played back.
  var waitingSteps: Int { get }

  /// Asks for steps, without waiting for them.
  func beginRollout(_ order: RolloutOrder) throws

  /// Waits for the steps, and returns the parts of the agent that belong to the sub-environments, as they are afterwards.
  func finishRollout() throws -> [PartNumbers]

  /// The actions of the next step that is played back, and what else was kept of how they were drawn.
  func nextStep() throws -> (actions: UnsafePointer<Float>, drawn: UnsafeBufferPointer<Float>)
}
