#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import GymwireIO
import JSONLines

/// What the server of a scene has found out so far, in a file: the agent may end it at any moment.
struct AgentFindings {
  let path: String

  /// What was found.
  enum Finding: Equatable {
    case nothing
    /// The agent has gone on after a step, and nothing is wrong so far.
    case acting
    /// It has been sent the reply that the scene is about, and has not gone on since.
    case tried
    case played
    /// The agent has said goodbye, and its server takes some time to end, at which the agent should look on.
    case ending
    case departed(Departure)
    /// There is nothing to see, and why.
    case notApplicable(String)
    /// The agent is expected to give up; a number that changes as long as it has not.
    case waiting(Int)
  }

  func write(_ finding: Finding) {
    let members: [(String, String)] =
      switch finding {
      case .nothing: [("found", "nothing")]
      case .acting: [("found", "acting")]
      case .tried: [("found", "tried")]
      case .played: [("found", "played")]
      case .ending: [("found", "ending")]
      case .departed(let departure):
        [
          ("found", "departed"), ("clause", departure.clause), ("expected", departure.expected),
          ("came", departure.came),
        ]
      case .notApplicable(let reason): [("found", "notApplicable"), ("reason", reason)]
      case .waiting(let beat): [("found", "waiting"), ("beat", "\(beat)")]
      }
    try? AtomicFile.write(JSONValue.object(members.map { .init($0.0, .string($0.1)) }).text, to: path)
  }

  func read() -> Finding {
    guard let bytes = FileManager.default.contents(atPath: path),
      let value = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
    else { return .nothing }
    func word(_ name: String) -> String { value[name]?.word ?? "" }
    switch word("found") {
    case "acting": return .acting
    case "tried": return .tried
    case "played": return .played
    case "ending": return .ending
    case "departed":
      return .departed(Departure(clause: word("clause"), sent: "", expected: word("expected"), came: word("came")))
    case "notApplicable": return .notApplicable(word("reason"))
    case "waiting": return .waiting(Int(word("beat")) ?? 0)
    default: return .nothing
    }
  }
}
