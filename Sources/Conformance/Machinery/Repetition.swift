/// What a server has to answer alike each time before two of its answers can be held against each other.
struct Repetition: Hashable, Sendable {
  /// How much is told again.
  enum Extent: Sendable {
    /// The reply to a reset with a seed.
    case beginning
    /// A reset with a seed, and the same actions.
    case episode
    /// An episode, and those that follow it without a seed.
    case episodes
    /// The action that a policy samples with a seed.
    case sample
    /// The whole answer of a policy, its estimates included.
    case answer
  }

  let extent: Extent
  /// Whether the answers of two processes are compared.
  var crossesProcesses = false
  /// Whether a batch's answers are compared; single environments have to repeat themselves, too.
  var isBatched = false

  static let beginning = Repetition(extent: .beginning)
  static let episode = Repetition(extent: .episode)
  static let episodes = Repetition(extent: .episodes)
  static let sample = Repetition(extent: .sample)
  static let answer = Repetition(extent: .answer)

  /// The same, for a comparison of two processes.
  var everywhere: Repetition {
    var copy = self
    copy.crossesProcesses = true
    return copy
  }

  /// The same, in a batch.
  var batched: Repetition {
    var copy = self
    copy.isBatched = true
    return copy
  }

  /// What has to hold before this can: whoever does not do that is not accused of this.
  var foundation: Repetition? {
    var copy = self
    copy.isBatched = false
    if isBatched { return copy }
    guard extent == .episodes || extent == .answer else { return nil }
    return Repetition(extent: extent == .episodes ? .episode : .sample, crossesProcesses: crossesProcesses)
  }

  /// How often all is told again where there is reason to doubt; one reply shows less than an episode.
  ///
  /// Each round asks for two, so that what one reply of forty tells otherwise stays unseen once in two thousand times.
  var roundsOfDoubt: Int { extent == .beginning ? 150 : 10 }

  /// The clause that a server breaks which answers the same requests in two ways.
  var clauseOfRuns: String { extent == .sample || extent == .answer ? "16.5" : "6.5" }
}

/// Thrown where two answers differ that should be alike.
///
/// It is the server's fault as ``departure`` tells it only if the server repeats itself otherwise, and if it shows again.
struct Mismatch: Error {
  let departure: Departure
  /// What the comparison rests on.
  let repetition: Repetition
}
