/// Who chose an action that is learned from.
public enum ActionSource: UInt8, BitwiseCopyable, Sendable {
  /// The policy that now learns from it.
  case policy
  /// The same policy before an update: an action that still had no reward then.
  case earlierPolicy
  /// The policy without chance; it teaches the value function alone.
  case unsampled
  /// Somebody else; it teaches the value function, and the policy where that is to imitate.
  case other

  /// Whether the policy's loss is about it.
  var isSampled: Bool { self == .policy || self == .earlierPolicy }
}
