import Environments
import JSONLines

/// One action for each sub-environment (protocol/SPEC.md, "step").
struct StepRequest {
  let actions: ValueBatch
  let rows: Range<Int>
  let form: ValueForm

  @inline(__always)
  init(_ actions: ValueBatch, rows: Range<Int>, form: ValueForm) {
    (self.actions, self.rows, self.form) = (actions, rows, form)
  }

  /// The members in their order.
  @inline(__always)
  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(",\"action\":", RowsMember(actions, rows, form))
  }

  /// Writes the request with its line end.
  @inline(__always)
  func write(id: Int64, to writer: inout JSONWriter) {
    writer.beginUsual(id, .step)
    visitMembers(&writer)
    writer.endLine()
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
struct StepReply: DescribedReply {
  let outcome: StepBatch
  let rows: Range<Int>
  let form: ValueForm
  /// The space of the actions if masks are told; nil if not.
  let maskedActions: Space?
  var found: UInt64 = 0

  @inline(__always)
  init(_ outcome: StepBatch, rows: Range<Int>, form: ValueForm, maskedActions: Space?) {
    (self.outcome, self.rows, self.form, self.maskedActions) = (outcome, rows, form, maskedActions)
  }

  /// What stands before the observations.
  @inline(__always) static var observationPrefix: StaticString { ",\"obs\":" }

  /// The members in their order.
  @inline(__always)
  func visitMembers<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    try visitor.visit(Self.observationPrefix, RowsMember(outcome.observations, rows, form))
    try visitRest(&visitor)
  }

  /// The members behind the observations, which may come and go in pieces.
  @inline(__always)
  func visitRest<Visitor: MemberVisitor & ~Copyable>(_ visitor: inout Visitor) throws(Visitor.Failure) {
    // With batch on, both flags belong to the entries of "ended" alone (protocol/SPEC.md 12.6).
    if form.isBatched {
      try visitor.visit(",\"reward\":", RewardsMember(outcome: outcome, rows: rows, form: form))
      try visitor.visit(",\"ended\":", EndedMember(outcome: outcome, rows: rows, form: form))
    } else {
      try visitor.visit(",\"reward\":", RewardMember(outcome: outcome, row: rows.lowerBound))
      try visitor.visit(",\"terminated\":", ",\"truncated\":", EndFlags(outcome: outcome, row: rows.lowerBound))
    }
    try visitor.visit(",\"info\":", InfoMember(outcome: outcome, rows: rows, form: form))
    // Without the feature it is a member like any other that nobody knows (protocol/SPEC.md 4.6).
    if let maskedActions {
      try visitor.visit(
        ",\"action_mask\":", MaskMember(masks: outcome.masks, rows: rows, actions: maskedActions, form: form))
    }
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
      if ahead.elements > 0, let floats = outcome.observations.floats(rows), ahead.elements <= floats.count {
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
    guard let maskedActions, form.isBatched || !outcome.hasEnded(rows.lowerBound) else { return nil }
    return outcome.masks.fault(in: rows, of: maskedActions, isBatched: form.isBatched)
      .map { .invalid(member: "action_mask", reason: $0) }
  }
}
