import Environments
import JSONLines

/// Section 8: how numbers are written.
enum NumberChecks {
  static let all = [
    Check("8.1", .spaces, "a number of an action means the same however it is written") { examination in
      guard examination.facts.actionSpace.hasNumbers(where: \.isFloatingPoint) else {
        throw NotApplicable("actions have no fractions")
      }
      try examination.expectSameSteps(Spelling.allCases)
    },
    Check("8.2", .spaces, "an integer of an action may be written 1.0, and 1e0") { examination in
      guard examination.facts.actionSpace.hasNumbers(where: { !$0.isFloatingPoint }) else {
        throw NotApplicable("actions have no integers")
      }
      try examination.expectSameSteps([.trailingZero])
      try examination.forgivingMinimal("integers with exponents, and minus zero") {
        try examination.expectSameSteps([.exponent, .shifted, .minusZero])
      }
    },
    observations("8.3", "integers beyond 2^53-1 are strings, and no others") { space in
      space.hasNumbers { $0 == .int64 || $0 == .uint64 }
    },
    observations("8.4", "what is not finite is a string") { $0.hasNumbers(where: \.isFloatingPoint) },
    observations("8.7", "elements of dtype bool are 0 and 1") { $0.hasNumbers { $0 == .bool } },
  ]
}

extension Examination {
  /// The same steps, with numbers written in other ways, have to give the same.
  fileprivate func expectSameSteps(_ spellings: [Spelling]) throws {
    let (conversation, _) = try begin()
    for action in try actionsToSpell() {
      try conversation.reset(#""seed":1"#)
      let plain = try conversation.step(action.text)
      for spelling in spellings {
        let text = spelling.text(of: action)
        guard text != action.text else { continue }
        try conversation.reset(#""seed":1"#)
        let reply = try conversation.ask("step", #""action":"# + text)
        try require(reply, sameAs: plain, "the same as for \(action.text)", restingOn: .episode)
      }
    }
  }

  /// An action, and of a Discrete its first choices, 0 among them if it is one.
  private func actionsToSpell() throws -> [JSONValue] {
    guard case .discrete(let discrete) = facts.actionSpace else { return [try JSONValue(parsing: firstAction)] }
    let first = (0..<min(discrete.n, 3)).map { discrete.start + $0 }
    return Set(first + (discrete.values.contains(0) ? [0] : [])).sorted().map { .integer(Int64($0)) }
  }
}
