/// What a server is.
public enum ServerRole: String, CaseIterable, Sendable {
  /// An environment.
  case env
  /// Something trained that says which action it would take.
  case policy
  /// A policy that learns while others use it.
  case learner
}
