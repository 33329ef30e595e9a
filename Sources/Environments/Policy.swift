/// A trained policy π(a|o): what is evaluated and served, whoever trained it and wherever it is computed.
public protocol Policy: AnyObject {
  /// The space of the observations it is asked about.
  var observationSpace: Space { get }
  /// The space of the actions it answers with.
  var actionSpace: Space { get }
  /// How many of the latest observations each of those is a stack of, the oldest first; 1 for none.
  var frameStack: Int { get }

  /// Notes that the observation which a row is asked about next begins an episode; does nothing by default.
  ///
  /// Only a policy that looks at earlier observations of an episode by itself has to know.
  func beginEpisode(in row: Int)

  /// Chooses an action for each of the first `count` rows of `observations`.
  ///
  /// What is chosen for a row depends on nothing but that row and its seed, and on the earlier observations of its episode
  /// where the policy keeps them.
  ///
  /// - Parameters:
  ///   - masks: which actions are legal, in the same rows; a choice whose number is 0 is never made. Nil, like masks
  ///     without numbers, allows everything.
  ///   - answers: receives the actions, those of a Box clipped to its bounds, and estimates if it has room for them.
  /// - Throws: ``PolicyError`` for an observation that the policy cannot act on; a policy may throw errors of its own.
  func act(
    on observations: ValueBatch,
    count: Int,
    masks: MaskBatch?,
    choice: ActionChoice,
    into answers: ActionBatch
  ) throws
}

extension Policy {
  /// 1: each observation is one.
  public var frameStack: Int { 1 }

  /// Forgets nothing, since nothing has been kept.
  public func beginEpisode(in row: Int) {}
}

/// How a policy picks an action from its distribution.
public enum ActionChoice: Equatable, Sendable {
  /// The most probable action, or the mean.
  case greedy
  /// A sample.
  ///
  /// With a seed, 0 ... 2^53 - 1, row i is sampled with the seed `seed + i`, so that a batch gives what single requests
  /// give. Without one nobody can repeat the sample.
  case sampled(seed: UInt64?)

  /// How a single request picks what this picks for one row of a batch.
  public func forRow(_ row: Int) -> ActionChoice {
    if case .sampled(let seed?) = self { .sampled(seed: seed &+ UInt64(row)) } else { self }
  }
}

/// Why a policy does not act.
public enum PolicyError: Error, Equatable, CustomStringConvertible {
  /// Nothing follows from an observation; the reason is a sentence without its full stop.
  case unusableObservation(row: Int, reason: String)

  /// The sentence.
  public var description: String {
    switch self {
    case .unusableObservation(let row, let reason): "the observation of row \(row) cannot be acted on: \(reason)"
    }
  }
}
