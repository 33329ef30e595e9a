/// What a server is.
public enum ServerRole: String, CaseIterable, Sendable {
  /// An environment.
  case env
  /// Something trained that says which action it would take.
  case policy
  /// A policy that learns while others use it.
  case learner

  /// The operations that a server of this role may have.
  public var operations: [Operation] {
    switch self {
    case .env: [.hello, .reset, .step, .close, .render]
    case .policy: [.hello, .act, .reload, .close]
    case .learner: [.hello, .act, .begin, .logAction, .end, .abandon, .save, .close]
    }
  }
}
