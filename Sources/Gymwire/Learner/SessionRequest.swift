import JSONLines

/// A request that is about a session and nothing else (protocol/SPEC.md, "begin" and "abandon").
struct SessionRequest: ListedRequest {
  let operation: Operation
  private(set) var session: SessionName?
  var form: ValueForm { ValueForm() }

  /// A request to be written, or to be read where no session is named.
  init(_ operation: Operation, _ session: String? = nil) {
    (self.operation, self.session) = (operation, session.map(SessionName.init))
  }

  mutating func visitMembers<Visitor: RequestVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(.session, &session, isRequired: true)
  }
}

extension SessionName? {
  /// The name of a session, which every request has that needs one and has been read.
  func given() throws(ErrorReply) -> SessionName {
    guard let name = self else { throw ErrorReply(.badMessage, "the request needs \"session\"") }
    return name
  }
}

extension ErrorReply {
  /// The refusal of a session that has not begun (protocol/SPEC.md 17.2).
  static func notOpen(_ name: SessionName) -> ErrorReply {
    ErrorReply(.badMessage, "there is no open session \"\(name.text)\": begin it first")
  }

  /// The refusal of a session that has begun (protocol/SPEC.md 17.2).
  static func openAlready(_ name: SessionName) -> ErrorReply {
    ErrorReply(.badMessage, "session \"\(name.text)\" is open already: end or abandon it first")
  }

  /// The refusal of another session (protocol/SPEC.md 17.1).
  static func tooMany(_ count: Int) -> ErrorReply {
    ErrorReply(.badMessage, "\(count) sessions are open, and no more are possible: end or abandon one")
  }
}
