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
    case played
    case departed(Departure)
  }

  func write(_ finding: Finding) {
    guard case .departed(let departure) = finding else {
      try? AtomicFile.write(finding == .played ? "played" : "nothing", to: path)
      return
    }
    let members = [("clause", departure.clause), ("expected", departure.expected), ("came", departure.came)]
    try? AtomicFile.write(JSONValue.object(members.map { .init($0.0, .string($0.1)) }).text, to: path)
  }

  func read() -> Finding {
    guard let bytes = FileManager.default.contents(atPath: path) else { return .nothing }
    let text = String(decoding: bytes, as: UTF8.self)
    if text == "played" { return .played }
    guard let value = try? JSONValue(parsing: text), let clause = value["clause"]?.word else { return .nothing }
    return .departed(
      Departure(clause: clause, sent: "", expected: value["expected"]?.word ?? "", came: value["came"]?.word ?? ""))
  }
}
