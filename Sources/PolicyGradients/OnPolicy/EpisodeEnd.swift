/// Whether and how an episode ended with a step.
public enum EpisodeEnd: UInt8, BitwiseCopyable, Sendable {
  /// It goes on.
  case none
  /// The task itself ended (with or without a limit of time reached at once): nothing more can be earned.
  case terminated
  /// It was cut off from outside: more could have been earned.
  case truncated
}
