import Environments
import Gymwire
import JSONLines

/// What the body of a check works with: the program, what is known about it, and the clause that is at stake.
final class Examination {
  let subject: Subject
  let facts: ServerFacts
  let clause: String
  private let usesFreshProcesses: Bool
  private var latest: Conversation?
  private var greeted: [(hello: String, conversation: Conversation)] = []

  /// - Parameter usesFreshProcesses: whether no process is used that another check has talked to.
  init(_ subject: Subject, _ facts: ServerFacts, clause: String, usesFreshProcesses: Bool = false) {
    self.subject = subject
    self.facts = facts
    self.clause = clause
    self.usesFreshProcesses = usesFreshProcesses
  }

  /// A conversation with a fresh process that has been sent nothing.
  func start() throws -> Conversation {
    let peer = try subject.start()
    peer.recorder?.note("SPEC \(clause)")
    let conversation = Conversation(peer, clause: clause, options: subject.options)
    latest = conversation
    return conversation
  }

  /// A conversation with the server that waits on a socket, which has been sent nothing.
  ///
  /// - Throws: ``NotApplicable`` where nobody has told the way to it.
  func attach() throws -> Conversation {
    guard let command = subject.options.attachCommand else {
      throw NotApplicable("--attach-cmd tells no way to the server while it waits on a socket")
    }
    let conversation = Conversation(try LinePeer(command: command), clause: clause, options: subject.options)
    latest = conversation
    return conversation
  }

  /// What the process that was talked to last wrote to standard error, and how it ended if it has.
  var lastWords: [String] { latest?.peer.lastWords ?? [] }

  /// A conversation in which hello has succeeded.
  ///
  /// - Parameter members: more members of hello, as JSON.
  /// - Parameter isFresh: whether it has to be the first thing that this process is told.
  func greet(features: [Feature] = [], _ members: String = "", isFresh: Bool = false) throws -> Conversation {
    let members = members.isEmpty ? facts.want : members
    let key = features.map(\.rawValue).joined(separator: ",") + " " + members
    if !isFresh, !usesFreshProcesses, let conversation = subject.takeIdle(greetedWith: key) {
      conversation.clause = clause
      latest = conversation
      conversation.peer.recorder?.note("SPEC \(clause)")
      greeted.append((key, conversation))
      return conversation
    }
    let conversation = try start()
    try conversation.greet(features: features.map(\.rawValue), members)
    greeted.append((key, conversation))
    return conversation
  }

  /// Leaves the conversations to other checks, after all went well.
  func release() {
    for (hello, conversation) in greeted { subject.keep(conversation, greetedWith: hello) }
  }

  /// A conversation in which an episode has begun, and its first observation.
  func begin(seed: Int? = 1) throws -> (Conversation, Reply) {
    let conversation = try greet()
    return (conversation, try conversation.reset(seed.map { "\"seed\":\($0)" } ?? ""))
  }

  /// The members of a hello that asks for no feature.
  var plainHello: String { #""versions":[1]"# + (facts.want.isEmpty ? "" : "," + facts.want) }

  /// Random actions of the action space, the same in every run.
  func actions(seed: UInt64 = 0, form: ValueForm = ValueForm()) -> RandomTexts {
    RandomTexts(facts.actionSpace, form: form, seed: seed)
  }

  /// Ends the check unless the server has a feature.
  func require(_ feature: Feature) throws {
    guard facts.features.contains(feature) else {
      throw NotApplicable("the server does not have the feature \(feature.rawValue)")
    }
  }

  /// Ends the check unless the server does more than section 1, which is all that clause 1.11 asks for.
  func requireMoreThanMinimal(_ what: String) throws {
    guard !facts.isMinimal else { throw NotApplicable("section 1 does not ask for \(what)") }
  }
}

extension Conversation {
  /// Says hello, which has to succeed.
  @discardableResult
  func greet(features: [String] = [], _ members: String = "") throws -> Reply {
    let list = "[" + features.map { "\"\($0)\"" }.joined(separator: ",") + "]"
    let reply = try ask("hello", "\"versions\":[1],\"features\":\(list)" + (members.isEmpty ? "" : "," + members))
    guard reply.code == nil else { throw reply.departure(clause: "1.10", expected: "a hello that succeeds") }
    return reply
  }

  /// Begins an episode, which has to succeed; with a seed unless `members` say otherwise, so that runs are alike.
  @discardableResult
  func reset(_ members: String = #""seed":1"#) throws -> Reply {
    let reply = try ask("reset", members)
    guard reply.code == nil else {
      let hasSeeds = members.contains("\"seed\":[")
      throw reply.departure(clause: hasSeeds ? "12.9" : "1.10", expected: "an episode that begins")
    }
    return reply
  }

  /// Takes a step with an action of the space, which has to succeed.
  @discardableResult
  func step(_ action: String) throws -> Reply {
    let reply = try ask("step", "\"action\":\(action)")
    guard reply.code != "needs_reset" else {
      throw reply.departure(clause: "6.7", expected: "a step, as neither flag has said that the episode is over")
    }
    guard reply.code == nil else { throw reply.departure(clause: "1.10", expected: "a step with a legal action") }
    return reply
  }

  /// Sends a request that has to be refused with this code.
  func expectRefusal(_ code: ErrorCode, _ operation: String, _ members: String = "") throws {
    let id = JSONValue.integer(nextIdentifier)
    try require(code, id: id, ask(operation, members))
  }

  /// Sends a line that has to be refused with this code and this id.
  func expectRefusal(_ code: ErrorCode, of line: String, id: JSONValue = .null) throws {
    try require(code, id: id, say(line, id: id))
  }

  /// The next reply has to be a refusal with this code and this id.
  func expectRefusal(_ code: ErrorCode, id: JSONValue) throws {
    try require(code, id: id, receive(id: id))
  }

  private func require(_ code: ErrorCode, id: JSONValue, _ reply: Reply) throws {
    guard reply.code == code.rawValue, reply.value["id"]?.equals(id) == true else {
      throw departure(expected: "the error \(code.rawValue) with the id \(id.text)", came: reply.text)
    }
  }
}
