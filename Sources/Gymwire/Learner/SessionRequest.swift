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
