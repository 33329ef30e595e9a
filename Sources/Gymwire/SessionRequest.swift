import JSONLines

/// A request that is about a session and nothing else (protocol/SPEC.md, "begin" and "abandon").
struct SessionRequest {
  let session: String

  init(_ members: Request.Members, of operation: Operation) throws(ErrorReply) {
    session = try members.requiredSessionName(operation)
  }

  static func writeReply(id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.endLine()
  }
}
