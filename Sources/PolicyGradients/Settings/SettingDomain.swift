/// Which values a setting may have.
public enum SettingDomain: Equatable, Sendable {
  /// Integers of a range.
  case integer(ClosedRange<Int>)
  /// Numbers of a range.
  case number(ClosedRange<Double>)
  /// Numbers above 0.
  case positive(upTo: Double)
  /// On or off.
  case toggle
  /// A list of integers, none or some.
  case integers(in: ClosedRange<Int>, count: ClosedRange<Int>)
  /// One of some words.
  case word([String])

  /// Whether a value is one of the domain's.
  public func contains(_ content: SettingContent) -> Bool {
    switch (self, content) {
    case (.integer(let range), .integer(let value)): range.contains(value)
    case (.number(let range), .number(let value)): range.contains(value)
    case (.positive(let limit), .number(let value)): value > 0 && value <= limit
    case (.toggle, .toggle): true
    case (.integers(let range, let count), .integers(let values)):
      count.contains(values.count) && values.allSatisfy(range.contains)
    case (.word(let words), .word(let word)): words.contains(word)
    default: false
    }
  }

  /// Completes the sentence "it has to be ...".
  public var requirement: String {
    switch self {
    case .integer(let range): "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .positive(let limit): "a number above 0 and at most \(limit)"
    case .toggle: "on or off"
    case .integers(let range, let count):
      "a list of \(count.lowerBound) to \(count.upperBound) integers from \(range.lowerBound) to \(range.upperBound)"
    case .word(let words): "one of " + words.joined(separator: ", ")
    }
  }
}
