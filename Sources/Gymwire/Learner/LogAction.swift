import Environments
import JSONLines

/// The report of an action that somebody else has chosen (protocol/SPEC.md, "log_action").
struct LogActionRequest: ListedRequest {
  private(set) var session: SessionName?
  private(set) var reward: Reward?
  let form: ValueForm
  private let asked: AskedRows
  private let action: LoggedAction
  var operation: Operation { .logAction }

  /// A request to be written, with the observation and the action in the rows 0.
  init(
    _ actions: ValueBatch, on observations: ValueBatch, in session: String, reward: Double?, form: ValueForm
  ) {
    (self.session, self.reward) = (SessionName(session), reward.map(Reward.init))
    (asked, self.form) = (AskedRows(observations), form)
    action = LoggedAction(actions: actions, form: form)
  }

  /// A request to be read; `actions` receives the action in row 0.
  init(into asked: AskedRows, actions: ValueBatch?, form: ValueForm) {
    (self.asked, self.form) = (asked, form)
    action = LoggedAction(actions: actions, form: form)
  }

  mutating func visitMembers<Visitor: RequestVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(.session, &session, isRequired: true)
    try visitor.visit(.reward, &reward, isRequired: false)
    try visitor.visit(.observation, AskedObservations(asked, count: 1, form: form))
    try visitor.visit(.action, action)
  }
}

/// An action that somebody else has chosen, which has to lie in its space.
private struct LoggedAction: MemberValue {
  /// Nil before hello, when there is no space yet.
  let actions: ValueBatch?
  let form: ValueForm

  func write(to writer: inout JSONWriter) {
    if let actions { writer.write(actions, rows: 0..<1, as: form) }
  }

  func read(from scanner: inout JSONScanner) throws(ValueError) {
    guard let actions else { return try scanner.skip() }
    try actions.read(rows: 0..<1, from: &scanner, as: form)
    if let (_, reason) = actions.violation(in: 0..<1) { throw ValueError(reason) }
  }
}

/// What the policy makes of an action that somebody else has chosen, in row 0 of a batch of answers.
struct LogActionReply: DescribedReply {
  private let estimates: ActReply
  var found: UInt64 = 0

  /// A reply to be written.
  init(_ answers: ActionBatch, policyVersion: Int) {
    estimates = ActReply(answers, count: 1, form: ValueForm(), policyVersion: policyVersion)
  }

  /// A reply to be read.
  init(into answers: ActionBatch) { estimates = ActReply(into: answers, count: 1, form: ValueForm()) }

  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try estimates.visitEstimates(&visitor)
  }
}
