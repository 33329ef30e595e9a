import Environments
import JSONLines

/// The server's side of one conversation in which a policy acts: what the roles policy and learner have in common.
public class ActingSession: ServerSession {
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

  override func answerPlain(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Bool {
    guard let rows, let plain = PlainAct.readRequest(line, into: rows, as: form) else { return false }
    id = plain.id
    try rows.requireUsable(plain.request.count ?? 1, form(of: plain.request))
    try act(plain.request, id: plain.id)
    return true
  }

  /// Answers an act that belongs to no session.
  final func act(_ members: Request.Members, id: Int64) throws(ErrorReply) {
    var request = try ActRequest(members, isBatchOn: form.isBatched)
    try requireGreeting()
    _ = try read(members, count: request.count, readsMasks: features.contains(.mask))
    try request.readSeed(members)
    try act(request, id: id)
  }

  /// Reads the observations of a request and their masks; after hello.
  ///
  /// - Parameter count: how many there are in a batch; nil for a single one.
  final func read(
    _ members: Request.Members, count: Int? = nil, readsMasks: Bool
  ) throws(ErrorReply) -> ActRows {
    guard let rows else { throw ErrorReply(.internal, "there is no policy to ask") }
    let form = ValueForm(isBatched: count != nil, allowsBase64: form.allowsBase64)
    try rows.read(members, count: count ?? 1, form: form, readsMasks: readsMasks)
    return rows
  }

  private final func form(of request: ActRequest) -> ValueForm {
    ValueForm(isBatched: request.count != nil, allowsBase64: form.allowsBase64)
  }

  /// Answers for the observations that have been read.
  private final func act(_ request: ActRequest, id: Int64) throws(ErrorReply) {
    guard let policy, let rows else { throw ErrorReply(.internal, "there is no policy to ask") }
    let count = request.count ?? 1
    let form = form(of: request)
    hasEffect = false
    do {
      try policy.act(
        on: rows.observations, count: count, masks: rows.masks, choice: request.choice, into: rows.answers)
    } catch PolicyError.unusableObservation(let row, let reason) {
      throw ErrorReply(.badMessage, "\"obs\" cannot be used: \(reason)", data: form.rowData(row))
    } catch {
      throw ErrorReply(.internal, "\(error)")
    }
    ActReply.write(
      id: id, answers: rows.answers, count: count, form: form, policyVersion: version, to: &reply)
  }
}
