import Environments
import JSONLines

/// What a policy would do, in the first rows of a batch of answers (protocol/SPEC.md, "act").
struct ActReply: DescribedReply {
  // Whoever makes a reply keeps its place, so it need not be counted as owned.
  unowned(unsafe) let answers: ActionBatch
  let count: Int
  /// Batched where the request had `n`.
  let form: ValueForm
  let policyVersion: Int
  var found: UInt64 = 0

  /// A reply to be written.
  @inline(__always)
  init(_ answers: ActionBatch, count: Int, form: ValueForm, policyVersion: Int) {
    (self.answers, self.count, self.form, self.policyVersion) = (answers, count, form, policyVersion)
  }

  /// A reply to be read.
  @inline(__always)
  init(into answers: ActionBatch, count: Int, form: ValueForm) {
    self.init(answers, count: count, form: form, policyVersion: 0)
    answers.hasLogProbabilities = false
    answers.hasValues = false
  }

  /// The members in their order.
  @inline(__always)
  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(",\"action\":", RowsMember(answers.actions, 0..<count, form))
    try visitEstimates(&visitor)
  }

  /// What is told about an action that is known, such as one that was logged.
  @inline(__always)
  func visitEstimates<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(",\"logp\":", EstimateMember(answers, .logProbability, count: count, form: form))
    try visitor.visit(",\"value\":", EstimateMember(answers, .value, count: count, form: form))
    try visitor.visit(",\"policy_version\":", PolicyVersionMember(version: policyVersion))
  }
}
