import Environments

/// What a process has to do beside its steps before its rows of the outcome can be used: to begin episodes, or to give way
/// to another that begins them.
///
/// All that is waited for is one process, so that others can be stepped meanwhile.
struct Errand {
  enum Stage {
    /// It begins episodes.
    case resetting
    /// It is all right and is to end, for another to take its place.
    case ending(ServerEnding)
    /// It has failed, and another is started at this time, in seconds.
    case pausing(until: Double)
    /// Another has been started, and has not said hello.
    case greeting
    case done
    /// It has failed, and no other may or can take its place.
    indirect case failed(ConnectionError)
  }

  let process: Int
  var stage = Stage.resetting
  /// The reset that it was asked for last.
  var reset = PendingReset()
  /// The reset that it is asked for next; nil for the first of the further ones.
  var next: PendingReset?
  /// The resets that it is asked for after that, in order.
  var further: [PendingReset] = []
  /// What a process begins with that takes its place; nil until it is known whether one does.
  var beginning: Beginning?

  /// The reset that it is asked for now; nil where there is none left.
  mutating func takeNext() -> PendingReset? {
    defer { next = nil }
    return next ?? (further.isEmpty ? nil : further.removeFirst())
  }

  /// Whether it is none of a process that only has to answer a reset.
  var isStarting: Bool {
    switch stage {
    case .ending, .pausing, .greeting: true
    case .resetting, .done, .failed: false
    }
  }

  /// Whether time alone, and nothing that a process writes, takes it further.
  var waitsForTime: Bool {
    switch stage {
    case .ending, .pausing: true
    case .resetting, .greeting, .done, .failed: false
    }
  }

  var isDone: Bool {
    switch stage {
    case .done, .failed: true
    case .resetting, .ending, .pausing, .greeting: false
    }
  }
}

/// A reset that a process is asked for.
struct PendingReset {
  /// The number of the sub-environment within its process; nil for all of them, or for one without batch.
  var place: Int?
  var seed: UInt64?
  /// The options; nil where they are drawn when the reset is sent.
  var options: [String: PlainValue]?
  /// Whether it is left out where no options are drawn: the server has begun the episode by itself.
  var isOptional = false
}

/// The episodes that a process begins with.
struct Beginning {
  let seed: UInt64?
  /// The options of each of its sub-environments.
  let drawn: [[String: PlainValue]]

  var first: PendingReset { PendingReset(seed: seed, options: drawn[0]) }

  /// Resets of the sub-environments whose options differ from the first one's, which all have begun with.
  ///
  /// A reset has one set of options for all that it addresses, and the first has to address all (protocol/SPEC.md 12.12).
  var further: [PendingReset] {
    drawn.indices.filter { drawn[$0] != drawn[0] }.map { PendingReset(place: $0, seed: seed, options: drawn[$0]) }
  }
}
