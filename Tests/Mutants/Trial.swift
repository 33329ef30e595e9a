import Conformance

/// One program before the kit, and what the kit said.
struct Trial {
  /// What came of a trial.
  enum Verdict: String {
    /// A clause that the mutant breaks was named, and no other.
    case right
    /// The mutant was found, and another clause was named.
    case misnamed
    /// Nothing was found.
    case missed
    /// The mutant said nothing at all, so that finding it shows nothing.
    case mute
  }

  let mutant: Mutant
  /// The clauses that the kit named.
  let named: [String]
  /// What the kit said first.
  let story: String
  /// Whether a line came from the mutant, or its fault is that none does.
  let hasSpoken: Bool

  var verdict: Verdict {
    if !hasSpoken { return .mute }
    if named.isEmpty { return .missed }
    return named.allSatisfy(mutant.clauses.contains) ? .right : .misnamed
  }

  /// Holds a mutant before the kit.
  ///
  /// - Parameter isQuick: makes the checks of the mutant's own clauses first, and stops at the first departure.
  init(_ mutant: Mutant, command: [String], isQuick: Bool) throws {
    self.mutant = mutant
    hasSpoken = mutant.isMute || FirstWords.come(from: mutant.program, command: command)
    guard hasSpoken else {
      (named, story) = ([], "it says nothing, as a program that does not start")
      return
    }
    let kit = Kit(mutant.program, command: command)
    var departures: [Departure] = []
    if isQuick {
      departures = try kit.departures(stopsEarly: true, where: mutant.clauses.contains)
      if departures.isEmpty {
        departures = try kit.departures(stopsEarly: true) { !mutant.clauses.contains($0) }
      }
    } else {
      departures = try kit.departures()
    }
    named = departures.map(\.clause)
    story = departures.first.map { "\($0)" } ?? ""
  }
}

/// The checks that a program's role asks for.
struct Kit {
  private let program: ConformingProgram
  private let command: [String]

  init(_ program: ConformingProgram, command: [String]) {
    self.program = program
    self.command = command
  }

  /// What a program does against the specification; nothing for one that keeps to it.
  ///
  /// - Parameters:
  ///   - stopsEarly: whether no check follows the first departure.
  ///   - isMeant: whether the checks of a clause are made.
  func departures(
    stopsEarly: Bool = false, where isMeant: (String) -> Bool = { _ in true }
  ) throws -> [Departure] {
    var isFound = false
    func look(_ result: CheckResult) {
      switch result.outcome {
      case .failed, .blocked: isFound = true
      case .passed, .notApplicable, .notRun: break
      }
    }
    let shouldStop = { stopsEarly && isFound }
    let summary: CheckSummary
    if program.role == .agent {
      summary = try AgentRun(
        command: command, limit: .seconds(60), patience: program.patience.map { .seconds($0) }, clauses: isMeant
      ).run(
        shouldStop: shouldStop, report: look)
    } else {
      var options = Subject.Options(command: command)
      options.resetOptions = program.resetOptions
      options.leakSteps = 2_000
      // A shell reads a line of 100,000 bytes one by one, which is long work on a machine that is busy.
      options.replyLimit = .seconds(30)
      let checks =
        program.role == .environment
        ? CheckCatalog.environment : program.role == .policy ? CheckCatalog.policy : CheckCatalog.learner
      summary = try CheckRun(checks.filter { isMeant($0.clause) }, role: program.role.rawValue, options: options).run(
        shouldStop: shouldStop, report: look)
    }
    return summary.departures
  }
}
