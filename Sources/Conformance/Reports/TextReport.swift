import GymwireIO

/// The report for people: a line for each check, and the whole story of those that failed.
public struct TextReport {
  private var level: Level?
  private var told: Set<String> = []

  /// Begins a report.
  public init() {}

  /// The lines for one check, line ends included.
  public mutating func lines(for result: CheckResult) -> String {
    // The summary says how many there are; a line for each would bury what was found.
    if case .notRun = result.outcome { return "" }
    var text = ""
    if level != result.level {
      level = result.level
      text += "\(result.level.rawValue)\n"
    }
    let clause = result.clause.padded(to: 7)
    switch result.outcome {
    case .passed: text += "  ok    \(clause)\(result.title)\n"
    case .failed(let departure):
      told.insert(departure.clause)
      text += "  FAIL  \(clause)\(result.title)\n" + Self.story(departure)
    case .blocked(let departure):
      text +=
        "  ?     \(clause)\(result.title)\n        could not be judged: clause \(departure.clause) was broken\n"
      if told.insert(departure.clause).inserted { text += Self.story(departure) }
    case .notApplicable(let reason): text += "  -     \(clause)\(result.title): \(reason)\n"
    case .notRun: break
    }
    return text
  }

  /// The last lines, line ends included.
  public func summary(of summary: CheckSummary) -> String {
    let passed = summary.count { $0 == .passed }
    let failed = summary.count { if case .failed = $0 { true } else { false } }
    let blocked = summary.count { if case .blocked = $0 { true } else { false } }
    let absent = summary.count { if case .notApplicable = $0 { true } else { false } }
    var parts = ["\(passed) passed", "\(failed) failed", "\(absent) not applicable"]
    if blocked > 0 { parts.insert("\(blocked) could not be judged", at: 2) }
    let seconds = (summary.duration / .milliseconds(100)).rounded() / 10
    let made = summary.results.count - summary.obstacles.reduce(0) { $0 + $1.count }
    var text =
      "\(made) check\(made == 1 ? "" : "s") of \(summary.command) in \(seconds) s: \(parts.joined(separator: ", "))\n"
    for (reason, count) in summary.obstacles {
      text += "\(count) more \(count == 1 ? "check was" : "checks were") not made: \(reason)\n"
    }
    let clauses = summary.clausesBroken
    if !clauses.isEmpty {
      text +=
        "clauses broken: \(clauses.joined(separator: ", ")) (pgagent check --explain \(clauses[0]) prints the first)\n"
    }
    return text
  }

  private static func story(_ departure: Departure) -> String {
    var text = departure.sent.isEmpty ? "" : "        sent:     \(departure.sent.visible)\n"
    text += "        expected: \(departure.expected.visible)\n"
    text += "        came:     \(departure.came.visible)\n"
    return text + departure.lastWords.map { "        it said:  \($0.visible)\n" }.joined()
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }

  /// The text made fit for a terminal.
  fileprivate var visible: String { VisibleText.line(self) }
}
