/// What a server tells before its reply: a line with `op` and no `id` (protocol/SPEC.md, "Turns").
public struct Notification: Equatable, Sendable {
  /// `log`, `progress`, or a name that this side does not know and ignores.
  public var operation: String
  /// The text for people.
  public var text: String

  /// Creates a notification.
  public init(operation: String, text: String) {
    self.operation = operation
    self.text = text
  }
}
