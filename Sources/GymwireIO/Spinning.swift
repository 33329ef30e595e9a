/// Whether a reader may look several times for its next bytes before it goes to sleep for them.
public enum Spinning: Sendable {
  /// As long as the bytes come soon.
  case automatic
  /// Before every wait.
  case always
  /// Not at all.
  case never
}
