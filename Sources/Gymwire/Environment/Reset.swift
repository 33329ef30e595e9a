import Environments
import JSONLines

/// The wish for new episodes (protocol/SPEC.md, "reset").
public struct ResetRequest: Sendable {
  /// Restarts the generators; nil continues them.
  public var seed: UInt64?
  /// The only sub-environments of a batch to begin anew; nil for all.
  public var environments: [Int]?
  /// Hold for this reset only.
  public var options: [String: PlainValue] = [:]

  /// Creates a request.
  public init(seed: UInt64? = nil, environments: [Int]? = nil, options: [String: PlainValue] = [:]) {
    (self.seed, self.environments, self.options) = (seed, environments, options)
  }

  /// Writes the request with its line end.
  public func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginRequest(id, .reset)
    if let seed {
      writer.name("seed")
      writer.write(seed)
    }
    if let environments {
      writer.name("envs")
      writer.beginArray()
      for index in environments { writer.write(index) }
      writer.endArray()
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
  private let observations: RowsMember
  private let info: InfoMember
  private let mask: MaskMember?
  var found: UInt64 = 0

  /// - Parameter outcome: where the reply's values are, which whoever makes a reply keeps.
  init(_ outcome: StepBatch, rows: Range<Int>, form: ValueForm, isMasked: Bool) {
    observations = RowsMember(outcome.observations, rows, form)
    info = InfoMember(outcome: outcome, rows: rows, form: form, isThere: outcome.hasInfos)
    // Without the feature it is a member like any other that nobody knows (protocol/SPEC.md 4.6).
    mask = isMasked ? MaskMember(masks: outcome.masks, rows: rows, form: form) : nil
  }

  /// The members in their order.
  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(",\"obs\":", observations)
    try visitor.visit(",\"info\":", info)
    if let mask { try visitor.visit(",\"action_mask\":", mask) }
  }

  func fault() -> ReplyError? { mask?.fault() }
}
