import JSONLines

/// The end of a session, which may bring an update (protocol/SPEC.md, "end").
struct EndRequest {
  let session: String
  let reward: Double
  let isTerminated: Bool

  init(_ members: Request.Members) throws(ErrorReply) {
    session = try members.requiredSessionName(.end)
    try members.requireObservation(.end)
    guard let reward = try members.finiteReward() else { throw ErrorReply(.badMessage, "end needs \"reward\"") }
    guard let isTerminated = try members.isTerminated.flag("terminated"),
      let isTruncated = try members.isTruncated.flag("truncated")
    else {
      throw ErrorReply(.badMessage, "end needs \"terminated\" and \"truncated\", of which each is true or false")
    }
    guard isTerminated || isTruncated else {
      throw ErrorReply(
        .badMessage, "an episode has ended, so \"terminated\" or \"truncated\" has to be true; a cut is \"truncated\"")
    }
    (self.reward, self.isTerminated) = (reward, isTerminated)
  }

  /// - Parameter statistics: figures about the update; nil if there was none.
  static func writeReply(
    id: Int64, statistics: [(name: String, value: Double)]?, policyVersion: Int, to writer: inout JSONWriter
  ) {
    writer.beginReply(id)
    writer.name("updated")
    writer.write(statistics != nil)
    writer.name("policy_version")
    writer.write(policyVersion)
    if let statistics {
      writer.name("stats")
      writer.beginObject()
      for (name, value) in statistics where value.isFinite {
        writer.name(name)
        writer.write(value)
      }
      writer.endObject()
    }
    writer.endLine()
  }
}
