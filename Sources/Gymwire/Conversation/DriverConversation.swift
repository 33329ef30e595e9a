import Environments
import JSONLines

/// The driver's side of one conversation with an environment or a policy, without any input or output of its own.
///
/// It composes requests and reads replies into rows of an outcome that the caller owns; several conversations may share one.
public struct DriverConversation: ~Copyable {
  var request = JSONWriter(capacity: 4096)
  private var nextIdentifier: Int64 = 0
  /// What the server said in hello.
  public private(set) var hello = HelloReply()

  /// Whether feature mask is on.
  private(set) var isMasked = false
  private var ahead = ReadAhead()

  /// Begins a conversation.
  public init() {}

  /// The id of the outstanding request.
  var identifier: Int64 { nextIdentifier - 1 }

  /// The line of the request that was composed last, with its end; valid until the next one is composed.
  public var line: UnsafeRawBufferPointer { request.bytes }

  /// Which forms values have, given the features that are on.
  public private(set) var form = ValueForm()

  mutating func begin() -> Int64 {
    request.removeAll()
    ahead = ReadAhead()
    nextIdentifier += 1
    return identifier
  }

  /// Composes hello.
  public mutating func composeHello(_ hello: HelloRequest) {
    let id = begin()
    hello.write(id: id, to: &request)
  }

  /// Composes reset.
  public mutating func composeReset(_ reset: ResetRequest) {
    let id = begin()
    reset.write(id: id, to: &request)
  }

  /// Composes a step with rows of `actions`.
  public mutating func composeStep(_ actions: ValueBatch, rows: Range<Int>) {
    let id = begin()
    var step = StepRequest(actions, rows: rows, form: form)
    step.write(id: id, to: &request)
  }

  /// Composes act about the first `count` observations.
  ///
  /// - Parameter masks: which actions are legal; nil, or anything where the server does not read masks, tells nothing.
  public mutating func composeAct(
    _ observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice
  ) {
    let id = begin()
    var act = ActRequest(
      about: AskedRows(observations, masks: askedMasks(masks)),
      count: form.isBatched ? count : nil, choice: choice, terms: terms(hasSessions: false))
    act.write(id: id, to: &request)
  }

  /// The masks that are told with observations; nil where the server does not read any or nothing is forbidden.
  func askedMasks(_ masks: MaskBatch?) -> MaskBatch? { isMasked && masks?.width ?? 0 > 0 ? masks : nil }

  /// What of an act the server knows.
  func terms(hasSessions: Bool) -> ActRequest.Terms {
    ActRequest.Terms(form: form, hasMasks: isMasked, hasSessions: hasSessions, hasRewards: hasSessions)
  }

  /// Composes render.
  public mutating func composeRender(_ render: RenderRequest) {
    let id = begin()
    render.write(id: id, to: &request)
  }

  /// Composes close.
  public mutating func composeClose() {
    let id = begin()
    CloseRequest().write(id: id, to: &request)
  }

  /// Reads a line while the reply to hello is outstanding.
  public mutating func readHello(_ line: UnsafeRawBufferPointer) throws(ReplyError) -> ServerLine {
    var reply = HelloReply()
    let kind = try readServerLine(line, expecting: identifier, into: &reply)
    // Without batch nobody has granted anything, whatever else a server may say about it.
    if !reply.features.contains(.batch) { reply.environmentCount = 1 }
    if case .reply = kind {
      hello = reply
      form = ValueForm(isBatched: reply.features.contains(.batch), allowsBase64: reply.features.contains(.b64))
      isMasked = reply.features.contains(.mask)
    }
    return kind
  }

  /// Reads a line while the reply to reset is outstanding, into rows of `outcome`.
  public func readReset(
    _ line: UnsafeRawBufferPointer,
    into outcome: StepBatch,
    rows: Range<Int>
  ) throws(ReplyError) -> ServerLine {
    outcome.masks.allowEverything(in: rows)
    if ResetReply(outcome, rows: rows, form: form, isMasked: isMasked).readUsual(line, expecting: identifier) {
      return .reply(isLax: false)
    }
    var reply = ResetReply(outcome, rows: rows, form: form, isMasked: isMasked)
    return try readServerLine(line, expecting: identifier, into: &reply)
  }

  /// Reads the beginning of a line whose end has not arrived while the reply to step is outstanding.
  ///
  /// May be called again and again as more of the line arrives. What it has written to `outcome` means something only
  /// once ``readStep(_:into:rows:)`` has accepted the whole line.
  public mutating func readAhead(_ part: UnsafeRawBufferPointer, into outcome: StepBatch, rows: Range<Int>) {
    guard form.isBatched, let floats = outcome.observations.floats(rows) else { return }
    ahead.read(part, expecting: identifier, into: floats)
  }

  /// Reads a line while the reply to step is outstanding, into rows of `outcome`.
  ///
  /// Mutating in name only: a conversation that is merely borrowed would be copied for every call.
  public mutating func readStep(
    _ line: UnsafeRawBufferPointer,
    into outcome: StepBatch,
    rows: Range<Int>
  ) throws(ReplyError) -> ServerLine {
    // A reply without a mask, as every usual one is, forbids nothing (protocol/SPEC.md 14.1).
    outcome.masks.allowEverything(in: rows)
    // One that could be changed would be copied before it is read.
    if StepReply(outcome, rows: rows, form: form, isMasked: isMasked)
      .readUsual(line, expecting: identifier, ahead: ahead)
    {
      return .reply(isLax: false)
    }
    var reply = StepReply(outcome, rows: rows, form: form, isMasked: isMasked)
    return try readServerLine(line, expecting: identifier, into: &reply)
  }

  /// Reads a line while the reply to act is outstanding, into the first `count` rows of `answers`.
  public func readAct(
    _ line: UnsafeRawBufferPointer, into answers: ActionBatch, count: Int
  ) throws(ReplyError) -> ServerLine {
    if ActReply(into: answers, count: count, form: form).readUsual(line, expecting: identifier) {
      return .reply(isLax: false)
    }
    var reply = ActReply(into: answers, count: count, form: form)
    return try readServerLine(line, expecting: identifier, into: &reply)
  }

  /// Reads a line while the reply to render is outstanding; what was drawn is nil for a notification.
  public func readRender(
    _ line: UnsafeRawBufferPointer, into rendering: inout Rendering?
  ) throws(ReplyError) -> ServerLine {
    var reply = RenderReply()
    defer { rendering = reply.rendering }
    return try readServerLine(line, expecting: identifier, into: &reply)
  }
}
