/// Whether a reader may look several times for its next bytes before it goes to sleep for them.
public enum Spinning: Sendable {
  /// Where two or more processors are available to this process, as long as the bytes come soon.
  case automatic
  /// Before every wait, even on one processor.
  case always
  /// Not at all.
  case never
}
