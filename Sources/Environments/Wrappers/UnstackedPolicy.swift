/// A policy of stacked observations that is asked about single ones.
public final class UnstackedPolicy: Policy {
  private let inner: any Policy
  private let memory: FrameMemory
  /// The space of a single observation.
  public var observationSpace: Space { memory.observationSpace }
  /// The policy's.
  public var actionSpace: Space { inner.actionSpace }

  /// Asks a policy about the stacks of so many observations that it has.
  ///
  /// - Throws: ``EnvironmentError/invalidValue(_:)`` where its space is none of such stacks.
  public init(_ inner: any Policy) throws(EnvironmentError) {
    self.inner = inner
    memory = try FrameMemory(inner.observationSpace, frames: inner.frameStack)
  }

  /// Acts as in episodes that begin with these observations.
  public func act(
    on observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    try inner.act(
      on: memory.first(observations, count: count), count: count, masks: masks, choice: choice, into: answers)
  }

  /// Acts on what an episode goes on with, in row 0.
  ///
  /// - Throws: what the policy throws; the episode has not changed then.
  public func act(
    in episode: FrameEpisode, on observations: ValueBatch, masks: MaskBatch?, choice: ActionChoice,
    into answers: ActionBatch
  ) throws {
    try inner.act(
      on: memory.next(observations, in: episode), count: 1, masks: masks, choice: choice, into: answers)
    memory.keep(in: episode)
  }
}
