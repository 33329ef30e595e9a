/// What a server is.
public enum ServerRole: String, CaseIterable, Sendable {
  /// An environment.
  case env
  /// Something trained that says which action it would take.
  case policy
  /// A policy that learns while others use it.
  case learner
  /// Environments, and a copy of a policy that acts in them for an agent elsewhere.
  case worker
}
