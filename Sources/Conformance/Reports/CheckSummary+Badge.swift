extension CheckSummary {
  /// The levels of which every check that applies has passed, in their order.
  public var levels: [Level] {
    Level.allCases.filter { level in
      let outcomes = results.filter { $0.level == level }.map(\.outcome)
      return outcomes.contains(.passed)
        && outcomes.allSatisfy { outcome in
          switch outcome {
          case .passed, .notApplicable: true
          case .failed, .blocked, .notRun: false
          }
        }
    }
  }

  /// One line of Markdown for a project's own README: an image that says which levels it keeps to, or what it breaks.
  ///
  /// The image is drawn by shields.io when somebody looks at it.
  public var badge: String {
    let clauses = clausesBroken
    let words = isClean ? levels.map(\.rawValue).joined(separator: ", ") : "breaks " + clauses.joined(separator: ", ")
    let text = isClean || !clauses.isEmpty ? words : "not checked"
    // A dash and an underscore are doubled where they stand for themselves.
    let path = text.replacing("-", with: "--").replacing("_", with: "__").replacing(" ", with: "_").replacing(
      ",", with: "%2C")
    return "![Gymwire 1: \(text)](https://img.shields.io/badge/Gymwire_1-\(path)-\(isClean ? "brightgreen" : "red"))\n"
  }
}
