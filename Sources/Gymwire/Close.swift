import JSONLines

/// The end of the conversation: the server answers and exits with status 0 (protocol/SPEC.md, "close").
public enum Close {
  /// Writes the request with its line end.
  public static func writeRequest(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .close)
    writer.endLine()
  }

  static func writeReply(id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.endLine()
  }
}

/// The reply to close, which has no members.
struct CloseReply: ReplyBody {
  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool { false }
  func missingMember() -> String? { nil }
}
