import Environments

/// What came of one step of some streams; row i is of stream `streams.lowerBound + i`.
///
/// Pointers are valid until the next step.
public struct Transitions {
  /// Which streams.
  public let streams: Range<Int>
  /// The rewards r, finite numbers.
  public internal(set) var rewards: UnsafePointer<Double>
  /// How many steps each episode had before this one.
  public let times: UnsafePointer<Int>
  /// The encoded observations to act on next, streams × width; where an episode has ended, the next one's first.
  public let observations: UnsafePointer<Float>

  private let isTerminated: UnsafeMutableBufferPointer<Bool>
  private let isTruncated: UnsafeMutableBufferPointer<Bool>
  private let group: EnvironmentGroup
  private let finalObservation: UnsafeMutablePointer<Float>

  /// - Parameter finalObservation: room for one observation.
  init(
    of group: EnvironmentGroup, times: UnsafePointer<Int>, observations: UnsafePointer<Float>,
    finalObservation: UnsafeMutablePointer<Float>, rewards: UnsafePointer<Double>
  ) {
    streams = group.streams
    let outcome = group.environment.outcome
    (isTerminated, isTruncated) = (outcome.isTerminated, outcome.isTruncated)
    (self.group, self.times, self.observations, self.rewards) = (group, times, observations, rewards)
    self.finalObservation = finalObservation
  }

  /// Whether and how the episode of a row has ended.
  @inline(__always)
  public func end(_ row: Int) -> EpisodeEnd {
    isTerminated[row] ? .terminated : isTruncated[row] ? .truncated : .none
  }

  /// The rows, in order, of whose step nothing is known; there is nothing to learn from them.
  ///
  /// Their episodes were cut at the observations that the actions were about, and others have begun.
  public var lostRows: [Int] { group.environment.outcome.lostRows }

  /// The encoded o′ of a row, valid until the next call: where an episode has ended, its final observation.
  ///
  /// - Throws: ``TrainingError/unusableObservation(environment:reason:)``.
  public func nextObservation(_ row: Int) throws(TrainingError) -> UnsafePointer<Float> {
    guard end(row) != .none else { return observations + row * group.observationEncoder.width }
    try group.encode(
      group.environment.outcome.finalObservations, row..<row + 1, group.finalEncoder, into: finalObservation)
    return UnsafePointer(finalObservation)
  }
}
