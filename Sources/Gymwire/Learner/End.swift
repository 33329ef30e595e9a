import Environments
import JSONLines

/// The end of a session, which may bring an update (protocol/SPEC.md, "end").
struct EndRequest: ListedRequest {
  private(set) var session: SessionName?
  private(set) var reward: Reward?
  private(set) var isTerminated: Bool?
  private(set) var isTruncated: Bool?
  let form: ValueForm
  private let asked: AskedRows
  var operation: Operation { .end }

  /// A request to be written, with the final observation in row 0.
  init(
    of session: String, at observations: ValueBatch, reward: Double, isTerminated: Bool, isTruncated: Bool,
    form: ValueForm
  ) {
    self.init(into: AskedRows(observations), form: form)
    (self.session, self.reward) = (SessionName(session), Reward(reward))
    (self.isTerminated, self.isTruncated) = (isTerminated, isTruncated)
  }

  /// A request to be read.
  init(into asked: AskedRows, form: ValueForm) { (self.asked, self.form) = (asked, form) }

  mutating func visitMembers<Visitor: RequestVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(.session, &session, isRequired: true)
    try visitor.visit(.reward, &reward, isRequired: true)
    try visitor.visit(.isTerminated, &isTerminated, isRequired: true)
    try visitor.visit(.isTruncated, &isTruncated, isRequired: true)
    try visitor.visit(.observation, AskedObservations(asked, count: 1, form: form))
  }

  /// Refuses an end that is none (protocol/SPEC.md 17.4).
  func requireEnd() throws(ErrorReply) {
    guard isTerminated == true || isTruncated == true else {
      throw ErrorReply(
        .badMessage, "an episode has ended, so \"terminated\" or \"truncated\" has to be true; a cut is \"truncated\"")
    }
  }
}
