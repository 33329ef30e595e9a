/// The latest observations of one episode, for whoever is asked about single ones.
public final class FrameEpisode {
  fileprivate var latest: ValueBatch?

  /// An episode that has not begun.
  public init() {}

  /// Makes it an episode that has not begun.
  public func reset() { latest = nil }
}

/// Makes stacks of single observations, as ``StackedFrames`` does where it is the environment that is asked.
public final class FrameMemory {
  /// The space of a single observation.
  public let observationSpace: Space
  /// The space of stacks.
  public let stackSpace: Space
  private let frames: Int
  private var stacks: ValueBatch

  /// Makes stacks of `frames` observations.
  ///
  /// - Parameter stackSpace: the space that they are to have.
  /// - Throws: ``EnvironmentError/invalidValue(_:)`` where that is no space of so many.
  public init(_ stackSpace: Space, frames: Int) throws(EnvironmentError) {
    guard let single = StackedFrames.single(stackSpace, frames) else {
      throw .invalidValue("values of \(stackSpace.phrase) are no stacks of \(frames) observations")
    }
    (self.stackSpace, self.frames, observationSpace) = (stackSpace, frames, single)
    stacks = ValueBatch(stackSpace, count: 1)
  }

  /// Stacks of the first `count` observations, each of which begins an episode; valid until the next call.
  public func first(_ observations: ValueBatch, count: Int) -> ValueBatch {
    if count > stacks.count { stacks = ValueBatch(stackSpace, count: max(count, 2 * stacks.count)) }
    for row in 0..<count { stacks.fill(row, of: observations, frames: frames) }
    return stacks
  }

  /// The stack, in row 0, that an observation in row 0 makes in an episode; valid until the next call.
  ///
  /// The episode has not changed before ``keep(in:)``.
  public func next(_ observations: ValueBatch, in episode: FrameEpisode) -> ValueBatch {
    guard let latest = episode.latest else { return first(observations, count: 1) }
    stacks.copyRow(0, of: latest, to: 0)
    stacks.push(0, of: observations, frames: frames)
    return stacks
  }

  /// Keeps what was stacked last as the latest of an episode.
  public func keep(in episode: FrameEpisode) {
    let latest = episode.latest ?? ValueBatch(stackSpace, count: 1)
    latest.copyRow(0, of: stacks, to: 0)
    episode.latest = latest
  }
}
