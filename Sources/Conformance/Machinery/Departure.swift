/// Where a program left the specification: the clause, what it was sent, what it should have done and what it did.
public struct Departure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The clause of protocol/SPEC.md that was broken.
  public let clause: String
  /// The beginning of the line that it was sent last; empty when there was none.
  public let sent: String
  /// What the clause demands here, as a phrase.
  public let expected: String
  /// What happened instead: the beginning of a line, or a phrase.
  public let came: String
  /// What the program wrote to standard error last, and how it ended if it has, one line each.
  public private(set) var lastWords: [String] = []
  /// Whether nothing came within the time limit.
  let isSilence: Bool
  /// Whether the process had ended.
  let isEnd: Bool

  init(
    clause: String, sent: String, expected: String, came: String, isSilence: Bool = false, isEnd: Bool = false
  ) {
    self.clause = clause
    self.sent = sent.abbreviated
    self.expected = expected
    self.came = came.abbreviated
    self.isSilence = isSilence
    self.isEnd = isEnd
  }

  /// The same with what the program had to say.
  func with(lastWords: [String]) -> Departure {
    var copy = self
    copy.lastWords = lastWords.map(\.abbreviated)
    return copy
  }

  /// The same, held against another clause, the one that is broken where it shows.
  func naming(_ clause: String) -> Departure {
    Departure(clause: clause, sent: sent, expected: expected, came: came, isSilence: isSilence, isEnd: isEnd)
  }

  /// One sentence.
  public var description: String {
    "clause \(clause): \(sent.isEmpty ? "" : "after \(sent) ")expected \(expected), but \(came)"
  }
}

extension String {
  /// The beginning of a text that may be very long.
  var abbreviated: String { utf8.count > 300 ? String(decoding: utf8.prefix(297), as: UTF8.self) + "..." : self }
}
