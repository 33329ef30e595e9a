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

  /// The clauses that were broken, in the order of the specification.
  public var clausesBroken: [String] { ClauseOrder.sorted(departures.map(\.clause)) }

  /// Whether nothing was broken and everything was tried.
  public var isClean: Bool {
    results.allSatisfy { result in
      switch result.outcome {
      case .passed, .notApplicable: true
      case .failed, .blocked, .notRun: false
      }
    }
  }

  /// Why checks were not made, and how many that kept from being made, in the order of the checks.
  var obstacles: [(reason: String, count: Int)] {
    results.reduce(into: []) { obstacles, result in
      guard case .notRun(let reason) = result.outcome else { return }
      if let index = obstacles.firstIndex(where: { $0.reason == reason }) {
        obstacles[index].count += 1
      } else {
        obstacles.append((reason, 1))
      }
    }
  }

  func count(where isCounted: (CheckResult.Outcome) -> Bool) -> Int {
    results.count { isCounted($0.outcome) }
  }
}
