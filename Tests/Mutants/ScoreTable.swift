import Conformance

/// How many mutants the kit found, by role and clause.
struct ScoreTable {
  let trials: [Trial]

  /// Rows for people, line ends included.
  var text: String {
    var text = "| role | clause | mutants | found | named right |\n|---|---|---|---|---|\n"
    for role in ConformingProgram.Role.allCases {
      let ofRole = trials.filter { $0.mutant.program.role == role }
      for clause in ClauseOrder.sorted(Set(ofRole.map(\.clause))) {
        text += Self.row(role.rawValue, clause, ofRole.filter { $0.clause == clause })
      }
      if !ofRole.isEmpty { text += Self.row("**\(role.rawValue)**", "all", ofRole) }
    }
    let languages = Dictionary(grouping: trials, by: \.mutant.program.language)
    for (language, ofLanguage) in languages.sorted(by: { $0.key < $1.key }) {
      text += Self.row("all", "in \(language)", ofLanguage)
    }
    return text + Self.row("**all**", "all", trials)
  }

  private static func row(_ role: String, _ clause: String, _ trials: [Trial]) -> String {
    let found = trials.count { [.right, .misnamed].contains($0.verdict) }
    let right = trials.count { $0.verdict == .right }
    return "| \(role) | \(clause) | \(trials.count) | \(found) | \(right) |\n"
  }
}

extension Trial {
  /// The clause under which it is counted.
  fileprivate var clause: String { mutant.clauses[0] }
}
