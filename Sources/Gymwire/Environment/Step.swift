import Environments
import JSONLines

/// One action for each sub-environment (protocol/SPEC.md, "step").
struct StepRequest: ListedRequest {
  let form: ValueForm
  private let actions: RowsMember
  @inline(__always) var operation: Operation { .step }

  /// A request to be written or read; whoever makes it keeps the actions.
  @inline(__always)
  init(_ actions: ValueBatch, rows: Range<Int>, form: ValueForm) {
    (self.actions, self.form) = (RowsMember(actions, rows, form), form)
  }

  /// The members in their order.
  @inline(__always)
  func visitMembers<Visitor: RequestVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(.action, actions)
  }

  /// Reads a request in the spelling that drivers use, and returns its id; nil for every other line, faulty ones included.
  @inline(__always)
  func readUsual(_ line: UnsafeRawBufferPointer) -> Int64? {
    var scanner = JSONScanner(line)
    guard let id = scanner.beginUsualRequest(.step) else { return nil }
    do throws(UnusualSpelling) { try visitMembers(&scanner) } catch { return nil }
    return scanner.endUsual() ? id : nil
  }
}

/// What came of a step, in rows of an outcome.
///
/// It holds places rather than the outcome, which whoever makes a reply keeps: counting references at every member is a
/// third of the work for a short reply.
struct StepReply: DescribedReply {
  private let observations: RowsMember
  private let rewards: FlatSlice
  private let ends: EndFlags
  private unowned(unsafe) let outcome: StepBatch
  private let rows: Range<Int>
  private let form: ValueForm
  private let hasInfos: Bool
  private let isMasked: Bool
  var found: UInt64 = 0

  @inline(__always)
  init(_ outcome: StepBatch, rows: Range<Int>, form: ValueForm, isMasked: Bool) {
    (self.outcome, self.rows, self.form, self.isMasked) = (outcome, rows, form, isMasked)
    observations = RowsMember(outcome.observations, rows, form)
    rewards = outcome.rewardArray[rows]
    ends = EndFlags(outcome, row: rows.lowerBound)
    hasInfos = outcome.hasInfos
  }

  /// What stands before the observations.
  @inline(__always) static var observationPrefix: StaticString { ",\"obs\":" }

  /// The members in their order.
  @inline(__always)
  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(Self.observationPrefix, observations)
    try visitRest(&visitor)
  }

  /// The members behind the observations, which may come and go in pieces.
  @inline(__always)
  func visitRest<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    // With batch on, both flags belong to the entries of "ended" alone (protocol/SPEC.md 12.6).
    if form.isBatched {
      try visitor.visit(",\"reward\":", RewardsMember(places: rewards, form: form))
      try visitor.visit(",\"ended\":", EndedMember(outcome: outcome, rows: rows, form: form))
    } else {
      try visitor.visit(",\"reward\":", RewardMember(place: rewards))
      try visitor.visit(",\"terminated\":", ",\"truncated\":", ends)
    }
    try visitor.visit(",\"info\":", InfoMember(outcome: outcome, rows: rows, form: form, isThere: hasInfos))
    // Without the feature it is a member like any other that nobody knows (protocol/SPEC.md 4.6).
    if isMasked { try visitor.visit(",\"action_mask\":", MaskMember(masks: outcome.masks, rows: rows, form: form)) }
  }

  /// Writes the reply with its line end.
  @inline(__always)
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginUsual(id)
    visitMembers(&writer)
    writer.endLine()
  }

  /// Writes what stands before the observations of a batched reply that is sent in pieces.
  func writeBeginning(id: Int64, to writer: inout JSONWriter) {
    writer.beginUsual(id)
    writer.put(verbatim: Self.observationPrefix)
    writer.put(verbatim: form.allowsBase64 ? "{\"b64\":\"" : "[")
  }

  /// Writes what stands behind them, with the line end.
  func writeRest(to writer: inout JSONWriter) {
    writer.put(verbatim: form.allowsBase64 ? "\"}" : "]")
    visitRest(&writer)
    writer.endLine()
  }

  /// Reads the reply to request `id` in the spelling that servers use; false for every other line, faulty ones included.
  @inline(__always)
  func readUsual(_ line: UnsafeRawBufferPointer, expecting id: Int64, ahead: ReadAhead) -> Bool {
    var scanner = JSONScanner(line)
    do throws(UnusualSpelling) {
      if ahead.elements > 0, let floats = observations.floats, ahead.elements <= floats.count {
        scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: line[ahead.offset...]))
        let rest = UnsafeMutableBufferPointer(rebasing: floats[ahead.elements...])
        guard scanner.readLastFloats(into: rest, isFirst: false) else { return false }
        try visitRest(&scanner)
      } else {
        guard scanner.beginUsual(expecting: id) else { return false }
        try visitMembers(&scanner)
      }
    } catch { return false }
    return scanner.endUsual()
  }

  /// A mask is looked at where there is something to choose: not where the episode is over (protocol/SPEC.md 14.4).
  func fault() -> ReplyError? {
    guard isMasked, form.isBatched || !(ends.isTerminated || ends.isTruncated) else { return nil }
    return MaskMember(masks: outcome.masks, rows: rows, form: form).fault()
  }
}
