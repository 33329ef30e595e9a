import Environments
import JSONLines

/// The wish for new episodes (protocol/SPEC.md, "reset").
public struct ResetRequest: Sendable {
  /// Restarts the generators; nil continues them.
  public var seed: UInt64?
  /// Hold for this reset only.
  public var options: [String: PlainValue] = [:]

  /// Creates a request.
  public init(seed: UInt64? = nil, options: [String: PlainValue] = [:]) {
    self.seed = seed
    self.options = options
  }

  /// Writes the request with its line end.
  public func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .reset)
    if let seed {
      writer.name("seed")
      writer.write(seed)
    }
    if !options.isEmpty {
      writer.name("options")
      writer.write(.object(options))
    }
    writer.endLine()
  }
}

/// The first observations of new episodes, in rows of a step's outcome.
struct ResetReply: DescribedReply {
  let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm
  /// The space of the actions if masks are told; nil if not.
  let maskedActions: Space?
  var found: UInt64 = 0

  init(_ outcome: StepBatch, rows: Range<Int>, form: ValueForm, maskedActions: Space?) {
    (self.outcome, self.rows, self.form, self.maskedActions) = (outcome, rows, form, maskedActions)
  }

  /// The members in their order.
  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(",\"obs\":", RowsMember(outcome.observations, rows, form))
    try visitor.visit(",\"info\":", InfoMember(outcome: outcome, rows: rows, form: form))
    // Without the feature it is a member like any other that nobody knows (protocol/SPEC.md 4.6).
    if let maskedActions {
      try visitor.visit(
        ",\"action_mask\":", MaskMember(masks: outcome.masks, rows: rows, actions: maskedActions, form: form))
    }
  }

  func fault() -> ReplyError? {
    maskedActions
      .flatMap { outcome.masks.fault(in: rows, of: $0, isBatched: form.isBatched) }
      .map { .invalid(member: "action_mask", reason: $0) }
  }
}
