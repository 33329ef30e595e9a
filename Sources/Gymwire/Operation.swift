/// Every operation that a driver may ask for: the one list of messages.
public enum Operation: String, CaseIterable, Sendable {
  case hello, reset, step, close
  case render
  case act, reload
  case begin, end, abandon, save
  case logAction = "log_action"

  /// The feature without which the operation does not exist; nil for the Core and the roles' own.
  public var feature: Feature? { self == .render ? .render : nil }
}
