import Environments
import JSONLines

// What a driver asks of a learner about sessions, and of a policy or learner about what it holds.
extension DriverConversation {
  /// How values are written that belong to no batch.
  private var singleForm: ValueForm { ValueForm(allowsBase64: form.allowsBase64) }

  /// Composes begin.
  public mutating func composeBegin(_ session: String) {
    let id = begin()
    var begin = SessionRequest(.begin, session)
    begin.write(id: id, to: &request)
  }

  /// Composes abandon.
  public mutating func composeAbandon(_ session: String) {
    let id = begin()
    var abandon = SessionRequest(.abandon, session)
    abandon.write(id: id, to: &request)
  }

  /// Composes an act in a session, about the observation in row 0.
  ///
  /// - Parameters:
  ///   - masks: which actions are legal, in row 0; nil tells nothing.
  ///   - reward: what was earned since the session's last action; nil with its first.
  public mutating func composeAct(
    _ observations: ValueBatch, in session: String, reward: Double?, masks: MaskBatch? = nil, choice: ActionChoice
  ) {
    let id = begin()
    var act = ActRequest(
      about: AskedRows(observations, masks: askedMasks(masks)), session: session,
      reward: reward, choice: choice, terms: terms(hasSessions: true))
    act.write(id: id, to: &request)
  }

  /// Composes log_action about the observation and the action in the rows 0.
  public mutating func composeLogAction(
    _ actions: ValueBatch, on observations: ValueBatch, in session: String, reward: Double?
  ) {
    let id = begin()
    var report = LogActionRequest(actions, on: observations, in: session, reward: reward, form: singleForm)
    report.write(id: id, to: &request)
  }

  /// Composes end with the final observation in row 0.
  public mutating func composeEnd(
    _ observations: ValueBatch, of session: String, reward: Double, isTerminated: Bool, isTruncated: Bool
  ) {
    let id = begin()
    var end = EndRequest(
      of: session, at: observations, reward: reward, isTerminated: isTerminated, isTruncated: isTruncated,
      form: singleForm)
    end.write(id: id, to: &request)
  }

  /// Composes save.
  public mutating func composeSave() {
    let id = begin()
    SaveRequest().write(id: id, to: &request)
  }

  /// Composes reload.
  public mutating func composeReload() {
    let id = begin()
    ReloadRequest().write(id: id, to: &request)
  }

  /// Reads a line while the reply to begin, abandon or close is outstanding.
  public func readEmpty(_ line: UnsafeRawBufferPointer) throws(ReplyError) -> ServerLine {
    var reply = EmptyReply()
    return try readServerLine(line, expecting: identifier, into: &reply)
  }

  /// Reads a line while the reply to an act in a session is outstanding, into row 0 of `answers`.
  public func readSessionAct(
    _ line: UnsafeRawBufferPointer, into answers: ActionBatch
  ) throws(ReplyError) -> ServerLine {
    var reply = ActReply(into: answers, count: 1, form: singleForm)
    return try readServerLine(line, expecting: identifier, into: &reply)
  }

  /// Reads a line while the reply to log_action is outstanding: estimates, into row 0 of `answers`.
  public func readLogAction(
    _ line: UnsafeRawBufferPointer, into answers: ActionBatch
  ) throws(ReplyError) -> ServerLine {
    var reply = LogActionReply(into: answers)
    return try readServerLine(line, expecting: identifier, into: &reply)
  }

  /// Reads a line while the reply to end or reload is outstanding.
  public func readUpdate(
    _ line: UnsafeRawBufferPointer, into reply: inout UpdateReply
  ) throws(ReplyError) -> ServerLine {
    try readServerLine(line, expecting: identifier, into: &reply)
  }

  /// Reads a line while the reply to save is outstanding.
  public func readSave(
    _ line: UnsafeRawBufferPointer, into reply: inout SaveReply
  ) throws(ReplyError) -> ServerLine {
    try readServerLine(line, expecting: identifier, into: &reply)
  }
}
