import Environments

/// What was said to a learner, read once more: the episodes of its sessions, each of which is known once it is over.
final class RecordedLearner {
  private let rows: ActRows
  private let observationSpace: Space
  private let actionSpace: Space
  private let terms: ActRequest.Terms
  private var asked: Asked?
  private var open: [SessionName: Episode] = [:]
  private var begun = 0
  /// Episodes that have not been played back, the first of them perhaps in part.
  private var waiting: ArraySlice<Episode> = []
  /// How many steps of the first of them have been; nil before it has begun.
  private var position: Int?

  /// What a request says that waits for its reply; the observation and what is legal are in `rows`.
  private struct Asked {
    var session: SessionName
    var reward: Double?
    var end: End?
  }

  private struct End {
    var isTerminated: Bool
    var isTruncated: Bool
  }

  private struct Episode {
    /// Which session this was, in the order of their beginnings.
    var number: Int
    var observations: [ValueBatch] = []
    /// What was legal, for each of the actions.
    var masks: [MaskBatch?] = []
    var actions: [ValueBatch] = []
    var rewards: [Double] = []
    var end: End?
  }

  init(_ observationSpace: Space, _ actionSpace: Space, form: ValueForm, isMasked: Bool) {
    (self.observationSpace, self.actionSpace) = (observationSpace, actionSpace)
    rows = ActRows(observationSpace: observationSpace, actionSpace: actionSpace)
    terms = ActRequest.Terms(form: form, hasMasks: isMasked, hasSessions: true, hasRewards: true)
  }

  private var form: ValueForm { ValueForm(allowsBase64: terms.form.allowsBase64) }

  /// Reads a request.
  func read(_ operation: Operation?, _ members: Request.Members) throws(ErrorReply) {
    asked = nil
    let room = AskedRows(room: rows, lineLength: members.lineLength)
    switch operation {
    case .act:
      var request = ActRequest(into: room, terms: terms)
      try request.readMembers(members)
      // Nothing is learned from an act without a session (protocol/SPEC.md 17.5).
      guard let session = request.session else { return }
      try request.requireOneRow()
      try request.readValues(members)
      asked = Asked(session: session, reward: request.reward?.value)
    case .logAction:
      var request = LogActionRequest(into: room, actions: rows.answers.actions, form: form)
      try request.readMembers(members)
      try request.readValues(members)
      asked = Asked(session: try request.session.given(), reward: request.reward?.value)
    case .end:
      var request = EndRequest(into: room, form: form)
      try request.readMembers(members)
      try request.requireEnd()
      try request.readValues(members)
      let end = End(isTerminated: request.isTerminated == true, isTruncated: request.isTruncated == true)
      asked = Asked(session: try request.session.given(), reward: request.reward?.value, end: end)
    case .begin, .abandon:
      var request = SessionRequest(operation == .begin ? .begin : .abandon)
      try request.readMembers(members)
      asked = Asked(session: try request.session.given())
    default: break
    }
  }

  /// Reads the reply to that request, which was no refusal.
  ///
  /// - Returns: whether a session has ended; nil for what was told on the way.
  func read(
    reply line: UnsafeRawBufferPointer, to operation: Operation?, expecting id: Int64
  ) throws(ReplyError) -> Bool? {
    if operation == .act, asked != nil {
      var reply = ActReply(into: rows.answers, count: 1, form: form)
      guard case .reply = try readServerLine(line, expecting: id, into: &reply) else { return nil }
      if let (_, reason) = rows.answers.actions.violation(in: 0..<1) {
        throw .invalid(member: "action", reason: "it \(reason)")
      }
    } else {
      var reply = AnyReply()
      guard case .reply = try readServerLine(line, expecting: id, into: &reply) else { return nil }
    }
    guard let asked else { return false }
    switch operation {
    case .begin:
      open[asked.session] = Episode(number: begun)
      begun += 1
    case .abandon: open[asked.session] = nil
    case .act, .logAction, .end: return try note(asked)
    default: break
    }
    return false
  }

  /// Adds what was asked to the episode of its session; returns whether that is over.
  private func note(_ asked: Asked) throws(ReplyError) -> Bool {
    guard var episode = open.removeValue(forKey: asked.session) else {
      throw .invalid(member: "session", reason: "\"\(asked.session.text)\" has not begun in this recording")
    }
    if let reward = asked.reward, !episode.actions.isEmpty { episode.rewards.append(reward) }
    episode.observations.append(Self.copy(rows.observations, observationSpace))
    episode.end = asked.end
    if asked.end != nil {
      if !episode.actions.isEmpty { waiting.append(episode) }
      return true
    }
    episode.actions.append(Self.copy(rows.answers.actions, actionSpace))
    episode.masks.append(rows.masks.map(copy))
    open[asked.session] = episode
    return false
  }

  private static func copy(_ batch: ValueBatch, _ space: Space) -> ValueBatch {
    let row = ValueBatch(space, count: 1)
    row.copyRow(0, of: batch, to: 0)
    return row
  }

  private func copy(_ masks: MaskBatch) -> MaskBatch {
    let row = MaskBatch(actionSpace, count: 1)
    row.copyRow(0, of: masks, to: 0)
    return row
  }

  /// Lets the sessions that are open count as over, in the order in which they began, since nothing more is known.
  func finish() {
    waiting += open.values.filter { !$0.rewards.isEmpty }.sorted { $0.number < $1.number }
    open.removeAll()
  }

  /// Plays the next thing back that happened in an episode which is over, as if it was that of one sub-environment.
  func playNext(_ actions: ValueBatch, _ outcome: StepBatch) -> RecordedConversation.Event? {
    while let episode = waiting.first {
      let step = position.map { $0 + 1 } ?? 0
      guard step <= episode.rewards.count else {
        waiting.removeFirst()
        position = nil
        continue
      }
      position = step
      let isLast = step == episode.rewards.count
      let end = isLast ? episode.end : nil
      outcome.observations.copyRow(0, of: episode.observations[step], to: 0)
      outcome.masks.allowEverything(in: 0..<1)
      if step < episode.masks.count, let masks = episode.masks[step], outcome.masks.width > 0 {
        outcome.masks.copyRow(0, of: masks, to: 0)
      }
      guard step > 0 else { return .begun([0]) }
      actions.copyRow(0, of: episode.actions[step - 1], to: 0)
      outcome.rewards[0] = episode.rewards[step - 1]
      (outcome.isTerminated[0], outcome.isTruncated[0]) = (end?.isTerminated ?? false, end?.isTruncated ?? false)
      if end != nil { outcome.keepFinal(0) }
      return .stepped
    }
    return nil
  }
}
