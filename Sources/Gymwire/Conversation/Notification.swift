import JSONLines

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

extension Notification {
  /// The notification that a line is; nil for a reply, and for what is neither.
  public init?(_ line: UnsafeRawBufferPointer) {
    var scanner = JSONScanner(
      line, maximumDepth: ProtocolConstants.maximumDepth, toleratesNonFinite: true, toleratesNestedArrays: true)
    var (operation, text): (String?, String) = (nil, "")
    do throws(JSONError) {
      try scanner.enterObject()
      while let name = try scanner.nextName() {
        switch name {
        case "id": return nil
        case "op": operation = try scanner.readStringOrSkip()
        case "text": text = try scanner.readStringOrSkip() ?? ""
        default: try scanner.skipValue()
        }
      }
      try scanner.finish()
    } catch { return nil }
    guard let operation else { return nil }
    self.init(operation: operation, text: text)
  }
}
