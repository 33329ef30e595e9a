import JSONLines

/// The order to a policy server to put into force what has taken the place of its policy (protocol/SPEC.md, "reload").
enum Reload {
  static func writeReply(id: Int64, isUpdated: Bool, policyVersion: Int, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.name("updated")
    writer.write(isUpdated)
    writer.name("policy_version")
    writer.write(policyVersion)
    writer.endLine()
  }
}
