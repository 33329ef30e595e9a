/// What one line from a server is.
public enum ServerLine: Equatable {
  /// The reply to the outstanding request; its members have been read.
  ///
  /// `isLax` tells that it had Python's bare NaN or Infinity in it, or nested lists (protocol/SPEC.md 8.5).
  case reply(isLax: Bool)
  /// Something told on the way; the reply is still to come.
  case notification(Notification)
}
