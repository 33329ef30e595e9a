import Environments
import JSONLines

/// The report of an action that somebody else has chosen (protocol/SPEC.md, "log_action").
struct LogActionRequest {
  let session: String
  let reward: Double?
  private let action: JSONScanner

  init(_ members: Request.Members) throws(ErrorReply) {
    session = try members.requiredSessionName(.logAction)
    reward = try members.finiteReward()
    try members.requireObservation(.logAction)
    guard let action = members.action else { throw ErrorReply(.badMessage, "log_action needs \"action\"") }
    self.action = action
  }

  /// Reads the action into row 0.
  ///
  /// - Throws: `bad_action` for anything but a value of the space.
  func readAction(into actions: ValueBatch, as form: ValueForm) throws(ErrorReply) {
    var scanner = action
    do throws(ValueError) { try actions.read(rows: 0..<1, from: &scanner, as: form) } catch {
      throw ErrorReply(.badAction, "the action cannot be used: \(error)")
    }
    if let (_, reason) = actions.violation(in: 0..<1) { throw ErrorReply(.badAction, "action \(reason)") }
  }

  static func writeReply(id: Int64, answers: ActionBatch, policyVersion: Int, to writer: inout JSONWriter) {
    writer.beginReply(id)
    writer.writeEstimates(answers, count: 1, form: ValueForm(), policyVersion: policyVersion)
    writer.endLine()
  }
}
