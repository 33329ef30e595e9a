/// The results of a run so far; each clause that was broken has a failed one, wherever it showed.
struct ResultLog {
  private(set) var results: [CheckResult] = []
  // Of clauses that broke in the checks of others, and whose own checks are still to come.
  private var pending: [String: Departure] = [:]
  private var failed: Set<String> = []

  /// Adds a result, and gives what there is to report: it, and perhaps that of the clause which was in its way.
  ///
  /// - Parameter clausesToCome: those of the checks that follow.
  mutating func add(_ result: CheckResult, clausesToCome: some Sequence<String>) -> ArraySlice<CheckResult> {
    let start = results.count
    var outcome = result.outcome
    if case .blocked(let departure) = outcome { settle(departure, result, clausesToCome) }
    if let departure = pending.removeValue(forKey: result.clause) {
      if case .failed = outcome {} else { outcome = .failed(departure) }
    }
    append(result.with(outcome))
    return results[start...]
  }

  /// A clause that is broken where another is looked at fails in its own check, or at once if that has been made.
  private mutating func settle(
    _ departure: Departure, _ result: CheckResult, _ clausesToCome: some Sequence<String>
  ) {
    let clause = departure.clause
    guard !failed.contains(clause), pending[clause] == nil else { return }
    guard !clausesToCome.contains(clause) else {
      pending[clause] = departure
      return
    }
    append(
      CheckResult(
        clause: clause, level: result.level, title: "broken in the check of \(result.clause)",
        outcome: .failed(departure), duration: .zero))
  }

  private mutating func append(_ result: CheckResult) {
    if case .failed(let departure) = result.outcome { failed.insert(departure.clause) }
    results.append(result)
  }
}

extension CheckResult {
  fileprivate func with(_ outcome: Outcome) -> CheckResult {
    CheckResult(clause: clause, level: level, title: title, outcome: outcome, duration: duration)
  }
}
