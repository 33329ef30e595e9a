import Foundation

/// A line of output as a page shows it, for comparison with what a program prints.
///
/// Words have to be the same. A figure may differ by a tenth, since another processor rounds otherwise and then learns a
/// little otherwise; a deviation behind "±" by a tenth of the figure before it. Times, speeds and sizes are free, since
/// another machine has others. Three dots stand for whatever is left out at the end.
struct ShownLine {
  private let words: [String]
  private let figures: [Figure]
  private let isWhole: Bool

  private struct Figure {
    let value: Double
    /// What it may differ by; nil where it is free.
    let slack: Double?
  }

  init(_ text: String) {
    isWhole = !text.contains("...")
    (words, figures) = Self.parse(text.components(separatedBy: "...")[0])
  }

  /// Whether a printed line is what is shown.
  func fits(_ printed: String) -> Bool {
    let (otherWords, others) = Self.parse(printed)
    guard isWhole ? otherWords.count == words.count : otherWords.count >= words.count else {
      return false
    }
    let last = words.count - 1
    for (index, word) in words.enumerated() {
      let isCut = index == last && !isWhole
      guard isCut ? otherWords[index].hasPrefix(word) : otherWords[index] == word else {
        return false
      }
    }
    return zip(figures, others).allSatisfy { shown, other in
      shown.slack.map { abs(shown.value - other.value) <= $0 } ?? true
    }
  }

  /// The text between the figures, runs of blanks as one, and the figures.
  private static func parse(_ text: String) -> (words: [String], figures: [Figure]) {
    var (words, figures, rest) = ([String](), [Figure](), Substring(text))
    while let match = rest.firstMatch(of: #/-?\d[\d,]*(?:\.\d+)?/#) {
      let before = rest[..<match.range.lowerBound]
      words.append(blanked(before))
      rest = rest[match.range.upperBound...]
      let value = Double(match.output.replacing(",", with: "")) ?? .nan
      let isFree = rest.firstMatch(of: #/^ (?:steps\/s|s|ms|µs|min|kB|MB)\b/#) != nil
      let scale =
        before.hasSuffix("± ") ? max(abs(value), abs(figures.last?.value ?? 0)) : abs(value)
      figures.append(Figure(value: value, slack: isFree ? nil : 0.1 * scale))
    }
    return (words + [blanked(rest)], figures)
  }

  private static func blanked(_ text: Substring) -> String {
    text.split(separator: #/\s+/#, omittingEmptySubsequences: false).joined(separator: " ")
  }
}
