import Environments
import JSONLines

/// The server's side of one conversation in which a policy acts: what the roles policy and learner have in common.
public class ActingConversation: ServerConversation {
  @exclusivity(unchecked) private final var policy: (any Policy)?
  @exclusivity(unchecked) private final var rows: ActRows?
  @exclusivity(unchecked) private final var version = 0

  /// How values are written that belong to no batch.
  final var singleForm: ValueForm { ValueForm(isBatched: false, allowsBase64: form.allowsBase64) }

  /// Makes a policy the one that acts; every one has the same spaces.
  final func putIntoForce(_ policy: any Policy, version: Int) {
    (self.policy, self.version) = (policy, version)
    guard rows == nil else { return }
    rows = ActRows(observationSpace: policy.observationSpace, actionSpace: policy.actionSpace)
  }

  override func answerUsual(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Bool {
    guard let rows else { return false }
    // Masks and sessions are left to the general reader.
    var request = ActRequest(
      into: AskedRows(room: rows, lineLength: line.count),
      terms: ActRequest.Terms(form: form, hasMasks: false, hasSessions: false, hasRewards: false))
    guard let usual = request.readUsual(line) else { return false }
    id = usual
    do throws(ValueError) { try rows.requireUsable(request.rowCount) } catch {
      throw ErrorReply(.badMessage, "\"obs\" cannot be used: \(error)", data: request.form.rowData(error.row))
    }
    try act(count: request.rowCount, form: request.form, choice: request.choice, id: usual)
    return true
  }

  /// Reads what of an act can be checked before hello.
  final func readAct(
    _ members: Request.Members, hasSessions: Bool, hasRewards: Bool
  ) throws(ErrorReply) -> ActRequest {
    let terms = ActRequest.Terms(
      form: form, hasMasks: features.contains(.mask), hasSessions: hasSessions, hasRewards: hasRewards)
    var request = ActRequest(into: room(for: members), terms: terms)
    try request.readMembers(members)
    return request
  }

  /// Answers an act that teaches nothing.
  ///
  /// - Parameter episode: what its session has seen; nil for an act that belongs to none.
  final func answer(
    _ request: ActRequest, _ members: Request.Members, in episode: FrameEpisode? = nil, id: Int64
  ) throws(ErrorReply) {
    var request = request
    try requireGreeting()
    try request.readValues(members)
    try request.requireSeeds()
    try act(count: request.rowCount, form: request.form, choice: request.choice, in: episode, id: id)
  }

  /// Where the observations of a request go.
  final func room(for members: Request.Members) -> AskedRows { AskedRows(room: rows, lineLength: members.lineLength) }

  /// Where an action goes that is told together with an observation; nil before hello.
  final var answeredActions: ValueBatch? { rows?.answers.actions }

  /// What the last request asked about, and what is answered; after hello.
  final func greetedRows() throws(ErrorReply) -> ActRows {
    guard let rows else { throw ErrorReply(.internal, "there is no policy to ask") }
    return rows
  }

  /// Answers for the observations that have been read.
  private final func act(
    count: Int, form: ValueForm, choice: ActionChoice, in episode: FrameEpisode? = nil, id: Int64
  ) throws(ErrorReply) {
    guard let policy, let rows else { throw ErrorReply(.internal, "there is no policy to ask") }
    hasEffect = episode != nil
    do {
      if let episode, let policy = policy as? UnstackedPolicy {
        try policy.act(in: episode, on: rows.observations, masks: rows.masks, choice: choice, into: rows.answers)
      } else {
        try policy.act(
          on: rows.observations, count: count, masks: rows.masks, choice: choice, into: rows.answers)
      }
    } catch PolicyError.unusableObservation(let row, let reason) {
      throw ErrorReply(.badMessage, "\"obs\" cannot be used: \(reason)", data: form.rowData(row))
    } catch {
      throw ErrorReply(.internal, "\(error)")
    }
    ActReply(rows.answers, count: count, form: form, policyVersion: version).write(id: id, to: &reply)
  }
}
