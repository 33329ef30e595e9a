import JSONLines

extension CheckSummary {
  /// One JSON object, with its line end: `command`, `version` of the protocol, `seconds`, `clean`, `levels` that the program
  /// keeps to, `clauses_broken` and a list of `checks`.
  ///
  /// Each check has `clause`, `level`, `title`, `outcome` (`passed`, `failed`, `blocked`, `not_applicable`, `not_run`) and
  /// `seconds`; `failed` and `blocked` have `broken`, `sent`, `expected`, `came` and the list `last_words`, the last two outcomes a `reason`.
  public var json: String {
    let members: [JSONValue.Member] = [
      .init("command", .string(command)), .init("version", .integer(1)),
      .init("seconds", .number(duration / .seconds(1))),
      .init("clean", .boolean(isClean)), .init("levels", .array(levels.map { .string($0.rawValue) })),
      .init("clauses_broken", .array(clausesBroken.map { .string($0) })),
      .init("checks", .array(results.map(\.json))),
    ]
    return JSONValue.object(members).text + "\n"
  }
}

extension CheckResult {
  fileprivate var json: JSONValue {
    func texts(_ members: [(String, String)]) -> [JSONValue.Member] {
      members.map { .init($0.0, .string($0.1)) }
    }
    var members = texts([("clause", clause), ("level", level.rawValue), ("title", title)])
    members += texts([("outcome", outcome.name)])
    members.append(.init("seconds", .number(duration / .seconds(1))))
    switch outcome {
    case .passed: break
    case .failed(let departure), .blocked(let departure):
      members += texts([
        ("broken", departure.clause), ("sent", departure.sent), ("expected", departure.expected),
        ("came", departure.came),
      ])
      members.append(.init("last_words", .array(departure.lastWords.map { .string($0) })))
    case .notApplicable(let reason), .notRun(let reason): members += texts([("reason", reason)])
    }
    return .object(members)
  }
}

extension CheckResult.Outcome {
  /// The word for it in reports.
  var name: String {
    switch self {
    case .passed: "passed"
    case .failed: "failed"
    case .blocked: "blocked"
    case .notApplicable: "not_applicable"
    case .notRun: "not_run"
    }
  }
}
