/// Which of the forms that a value may have on the wire apply.
public struct ValueForm: Sendable {
  /// Whether rows are batched: with feature batch on, always, also for one row.
  public var isBatched: Bool
  /// Whether feature b64 is on.
  public var allowsBase64: Bool

  /// Creates a form; by default that of the Core.
  public init(isBatched: Bool = false, allowsBase64: Bool = false) {
    self.isBatched = isBatched
    self.allowsBase64 = allowsBase64
  }
}
