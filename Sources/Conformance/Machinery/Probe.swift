import JSONLines

/// A request that a server has to answer alike each time, whatever was asked before: a seeded reset of an environment, a
/// seeded act of a policy.
struct Probe {
  /// `reset` or `act`.
  let operation: String
  /// The members behind `op`.
  let members: String
  /// What comparisons of its answers rest on.
  let repetition: Repetition
  /// The clause that is broken where it is refused for no reason.
  let clauseOfRefusal: String

  /// The request as a driver writes it, with more members behind.
  func line(_ id: Int64, _ more: String = "") -> String {
    "{\"id\":\(id),\"op\":\"\(operation)\",\(members)\(more.isEmpty ? "" : "," + more)}"
  }

  /// The same in ways that drivers do not write, and that are JSON all the same (clause 4.5).
  func strangeLines(_ id: Int64) -> [String] {
    let first = operation.unicodeScalars.first.map { "\\u00" + String($0.value, radix: 16) } ?? ""
    let escaped = members.replacing("\"seed\"", with: "\"see\\u0064\"")
    return [
      "{\(members),\"op\":\"\(operation)\",\"id\":\(id)}",
      "{ \"id\" : \(id) , \"op\" : \"\(operation)\" ,\t\(members) } ",
      "{\"\\u0069d\":\(id),\"op\":\"\(first)\(operation.dropFirst())\",\(escaped)}",
      "{\"options\":{\"seed\":9,\"id\":3},\"id\":\(id),\"op\":\"\(operation)\",\(members)}",
    ]
  }
}

extension Examination {
  /// The probe for this server's role.
  var probe: Probe {
    facts.role == "env"
      ? Probe(operation: "reset", members: #""seed":7"#, repetition: .beginning, clauseOfRefusal: "1.10")
      : Probe(
        operation: "act", members: #""seed":7,"obs":"# + firstObservation, repetition: .answer, clauseOfRefusal: "16.1")
  }

  /// The members of a hello with these versions.
  func hello(versions: String, _ more: String = "") -> String {
    "\"versions\":\(versions)" + (more.isEmpty ? "" : "," + more) + (facts.want.isEmpty ? "" : "," + facts.want)
  }

  /// A probe's answer, which has to be one.
  @discardableResult
  func carryOn(_ conversation: Conversation) throws -> Reply {
    let reply = try conversation.ask(probe.operation, probe.members)
    guard reply.code == nil else {
      throw reply.departure(clause: probe.clauseOfRefusal, expected: "an answer to an ordinary request")
    }
    return reply
  }

  /// The probe, written in another way, has to bring what it brings when it is written plainly.
  ///
  /// - Parameter line: the request with an id, its end included.
  func expectSameAnswer(_ line: (Int64) -> String) throws {
    let conversation = try greet()
    let plain = try carryOn(conversation)
    let id: Int64 = 1_000
    try conversation.write(Array(line(id).utf8))
    let reply = try conversation.receive(id: .integer(id), operation: probe.operation)
    try require(reply, sameAs: plain, "the answer to the same request", restingOn: probe.repetition)
  }
}
