extension CheckSummary {
  /// A JUnit report, as most CI systems read it: a suite for each level, a case for each check.
  public var junit: String {
    var text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"\(command.xml)\" time=\"\(duration.junit)\">\n"
    for level in Level.allCases {
      let cases = results.filter { $0.level == level }
      guard !cases.isEmpty else { continue }
      let failures = cases.count { $0.outcome.name == "failed" }
      let untried = cases.count { $0.outcome.name == "not_run" || $0.outcome.name == "blocked" }
      let skipped = cases.count { $0.outcome.name == "not_applicable" }
      text += "  <testsuite name=\"\(level.rawValue)\" tests=\"\(cases.count)\" failures=\"\(failures)\" "
      text += "errors=\"\(untried)\" skipped=\"\(skipped)\">\n" + cases.map(\.junit).joined() + "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }
}

extension CheckResult {
  fileprivate var junit: String {
    let title = "\(clause) \(title)".xml
    let head = "    <testcase classname=\"\(level.rawValue)\" name=\"\(title)\" time=\"\(duration.junit)\""
    switch outcome {
    case .passed: return head + "/>\n"
    case .failed(let departure):
      let message = "clause \(departure.clause): expected \(departure.expected)".xml
      return head + ">\n      <failure message=\"\(message)\">\(departure.junit)</failure>\n    </testcase>\n"
    case .notApplicable(let reason): return head + "><skipped message=\"\(reason.xml)\"/></testcase>\n"
    // What was not judged, or not tried, is not known to be right.
    case .blocked(let departure):
      let message = "could not be judged: clause \(departure.clause) was broken".xml
      return head + ">\n      <error message=\"\(message)\">\(departure.junit)</error>\n    </testcase>\n"
    case .notRun(let reason): return head + "><error message=\"not tried: \(reason.xml)\"/></testcase>\n"
    }
  }
}

extension Departure {
  fileprivate var junit: String {
    ("sent: \(sent)\nexpected: \(expected)\ncame: \(came)\n" + lastWords.map { "it said: \($0)\n" }.joined()).xml
  }
}

extension Duration {
  fileprivate var junit: String { "\((self / .milliseconds(1)).rounded() / 1000)" }
}

extension String {
  /// The text within XML 1.0, which has no way to write most control characters.
  fileprivate var xml: String {
    unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\n": "\n"
      case "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
      case let scalar where scalar.properties.generalCategory == .control: scalar.escaped(asASCII: true)
      default: String(Character(scalar))
      }
    }.joined()
  }
}
