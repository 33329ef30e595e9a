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
      try examination.forgivingMinimal("integers with exponents") {
        try examination.expectSameSteps([.exponent, .shifted])
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
    let action = try JSONValue(parsing: firstAction)
    let plain = try conversation.step(action.text)
    for spelling in spellings {
      try conversation.reset(#""seed":1"#)
      let reply = try conversation.ask("step", #""action":"# + spelling.text(of: action))
      try require(reply, sameAs: plain, "the same as for \(action.text)", restingOn: .episode)
    }
  }
}
