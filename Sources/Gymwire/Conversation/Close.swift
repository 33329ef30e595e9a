import JSONLines

/// The end of the conversation: the server answers and exits with status 0 (protocol/SPEC.md, "close").
struct CloseRequest {
  /// Writes the request with its line end.
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .close)
    writer.endLine()
  }
}

/// A reply that says no more than that the request has been performed: that of close, begin and abandon.
struct EmptyReply: ReplyBody {
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.endLine()
  }

  mutating func read(_ name: JSONName, from scanner: inout JSONScanner) throws(ValueError) -> Bool { false }
  func missingMember() -> String? { nil }
}
