import Environments
import JSONLines

/// Sections 9 and 10: arrays and spaces.
enum SpaceChecks {
  static let all = [
    observations("9.1", "arrays are flat lists") { $0.parts.contains { $0.flat.map { !$0.shape.isEmpty } ?? false } },
    observations("9.2", "values of shape [] are bare numbers") {
      $0.parts.contains { $0.flat.map(\.shape.isEmpty) ?? false }
    },
    observations("9.3", "arrays have the length of their shape") {
      $0.parts.contains { $0.flat.map { !$0.shape.isEmpty } ?? false }
    },
    Check("9.6", .spaces, "a Box action out of bounds, not finite or of a wrong length is bad_action") { examination in
      let unusable = UnusableActions.boxes(in: examination.facts.actionSpace)
      guard !unusable.isEmpty else { throw NotApplicable("actions are no Box") }
      let (conversation, _) = try examination.begin()
      for action in unusable { try conversation.expectRefusal(.badAction, "step", #""action":"# + action) }
    },
    observations("10.1", "observations lie in the space that hello describes") { _ in true },
    Check("10.3", .spaces, "bounds are one number, or one for each element, and none crosses") { examination in
      let conversation = try examination.start()
      _ = try ServerFacts(hello: try conversation.greet())
    },
    observations("10.4", "numbers are of their dtype") { $0.hasNumbers { !$0.isFloatingPoint } },
    observations("10.5", "texts have a legal length, in Unicode scalars, and characters of the charset") {
      $0.parts.contains { $0.kind == "Text" }
    },
    observations("10.6", "a Dict has exactly its keys") { $0.parts.contains { $0.kind == "Dict" } },
    observations("10.8", "graphs have nodes, and edges between them") { $0.parts.contains { $0.kind == "Graph" } },
  ]
}

/// A check that looks at each observation of some episodes; whichever clause one breaks is named.
func observations(_ clause: String, _ title: String, where applies: @escaping @Sendable (Space) -> Bool) -> Check {
  Check(clause, .spaces, title) { examination in
    let space = examination.facts.observationSpace
    guard applies(space) else { throw NotApplicable("it does not apply to these observations") }
    let conversation = try examination.greet()
    // Short episodes show little each.
    var count = 0
    for seed in 0..<40 where seed < 2 || count < 80 {
      let replies = try examination.episode(conversation, #""seed":\#(seed)"#, steps: 20)
      count += replies.count
      for reply in replies {
        guard let value = reply.value["obs"], let fault = ValueFault.find(in: value, of: space) else { continue }
        throw reply.departure(clause: fault.clause, expected: fault.expected)
      }
    }
  }
}
