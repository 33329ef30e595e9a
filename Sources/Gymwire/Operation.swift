/// Every operation that a driver may ask for, with the members that a request for it requires: the one list of messages.
public enum Operation: String, CaseIterable, Sendable {
  case hello, reset, step, close
  case render
  case act, begin, end, abandon, save
  case logAction = "log_action"

  /// The feature without which the operation does not exist; nil for the Core and the roles' own.
  public var feature: Feature? { self == .render ? .render : nil }

  /// The operations of the role `env`.
  public static let ofEnvironments: [Operation] = [.hello, .reset, .step, .close, .render]
}
