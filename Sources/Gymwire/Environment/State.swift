import JSONLines

/// The order to go back to where a state was kept (protocol/SPEC.md 15.6).
enum RestoreRequest {
  /// The state that a driver has sent.
  static func state(_ members: Request.Members) throws(ErrorReply) -> String {
    guard case .string(let state)? = try members.state.plain("state") else {
      throw ErrorReply(.badMessage, "restore needs \"state\", a string that a snapshot has brought")
    }
    return state
  }
}

/// The state of an episode, to be kept (protocol/SPEC.md 15.5).
enum SnapshotReply {
  static func write(_ state: String, id: Int64, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.name("state")
    writer.write(state)
    writer.endLine()
  }
}
