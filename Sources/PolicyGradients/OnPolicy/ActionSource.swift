/// Who chose an action that is learned from.
public enum ActionSource: UInt8, BitwiseCopyable, Sendable {
  /// The policy that now learns from it.
  case policy
  /// The same policy before an update: an action that still had no reward then.
  case earlierPolicy
  /// Somebody else, or the policy without chance; it teaches the value function alone.
  case other
}
