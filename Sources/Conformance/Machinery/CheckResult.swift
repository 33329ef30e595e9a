/// What came of one check.
public struct CheckResult: Sendable {
  /// How a check ended.
  public enum Outcome: Equatable, Sendable {
    /// The server does what the clause demands.
    case passed
    /// It does not.
    case failed(Departure)
    /// The server broke another clause on the way, so that this one could not be judged.
    case blocked(Departure)
    /// The clause is about something that the server does not offer and need not.
    case notApplicable(String)
    /// It was not tried, since there was nothing left to talk to.
    case notRun(String)
  }

  /// The clause of protocol/SPEC.md.
  public let clause: String
  /// The level it belongs to.
  public let level: Level
  /// What a good program does.
  public let title: String
  /// How it ended.
  public let outcome: Outcome
  /// How long it took.
  public let duration: Duration
}

/// What came of all checks of one program.
public struct CheckSummary: Sendable {
  /// The command that was checked.
  public let command: String
  /// One result for each check, in the order of the catalog.
  public let results: [CheckResult]
  /// How long all of it took.
  public let duration: Duration

  /// The first departure from each clause that was broken, in the order of the checks.
  public var departures: [Departure] {
    var seen: Set<String> = []
    return results.compactMap { result in
      switch result.outcome {
      case .failed(let departure), .blocked(let departure):
        seen.insert(departure.clause).inserted ? departure : nil
      case .passed, .notApplicable, .notRun: nil
      }
    }
  }

  /// Whether nothing was broken and everything was tried.
  public var isClean: Bool {
    results.allSatisfy { result in
      switch result.outcome {
      case .passed, .notApplicable: true
      case .failed, .blocked, .notRun: false
      }
    }
  }

  func count(where isCounted: (CheckResult.Outcome) -> Bool) -> Int {
    results.count { isCounted($0.outcome) }
  }
}
