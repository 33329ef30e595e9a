import Environments
import JSONLines

/// The server's side of one conversation about a policy.
public final class PolicySession: ServerSession {
  /// Looks for what has taken the place of the policy; nil if nothing has, and throws where that cannot be used.
  public typealias Reloading = () throws -> (any Policy)?

  private var policy: any Policy
  private let reload: Reloading
  private var version = 1
  private let rows: ActRows

  /// Begins a conversation about a policy.
  ///
  /// - Parameters:
  ///   - serverName: the name of the server's software, told in hello.
  ///   - reload: called for each reload; what it throws is told to the driver, and the policy stays.
  public init(serving policy: any Policy, serverName: String, reload: @escaping Reloading = { nil }) {
    self.policy = policy
    self.reload = reload
    rows = ActRows(observationSpace: policy.observationSpace, actionSpace: policy.actionSpace)
    super.init(role: .policy, serverName: serverName, features: [.batch, .b64, .mask])
  }

  override func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {
    let spaces = try hello.negotiate(ownObservations: policy.observationSpace, ownActions: policy.actionSpace)
    answer.observationSpace = spaces.observations
    answer.actionSpace = spaces.actions
  }

  override func answerPlain(_ line: UnsafeRawBufferPointer, id: inout Int64?) throws(ErrorReply) -> Bool {
    guard let plain = PlainAct.readRequest(line, into: rows, as: form) else { return false }
    id = plain.id
    try rows.requireUsable(plain.request.count ?? 1, form(of: plain.request))
    try act(plain.request, id: plain.id)
    return true
  }

  override func perform(_ operation: Operation, _ members: Request.Members, id: Int64) throws(ErrorReply) {
    if operation == .reload {
      try requireGreeting()
      return try reload(id: id)
    }
    var request = try ActRequest(members, isBatchOn: form.isBatched)
    try requireGreeting()
    try rows.read(members, count: request.count ?? 1, form: form(of: request), readsMasks: features.contains(.mask))
    try request.readSeed(members)
    try act(request, id: id)
  }

  private func form(of request: ActRequest) -> ValueForm {
    ValueForm(isBatched: request.count != nil, allowsBase64: form.allowsBase64)
  }

  /// Answers for the observations that have been read.
  private func act(_ request: ActRequest, id: Int64) throws(ErrorReply) {
    let count = request.count ?? 1
    let form = form(of: request)
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

  private func reload(id: Int64) throws(ErrorReply) {
    let found: (any Policy)?
    do { found = try reload() } catch {
      throw ErrorReply(.internal, "the policy stays as it was: \(error)")
    }
    if let found {
      try requireSameSpaces(found)
      policy = found
      version += 1
    }
    Reload.writeReply(id: id, isUpdated: found != nil, policyVersion: version, to: &reply)
  }

  private func requireSameSpaces(_ found: any Policy) throws(ErrorReply) {
    let difference =
      policy.observationSpace.disagreement(withObservations: found.observationSpace)
      ?? policy.actionSpace.disagreement(withActions: found.actionSpace)
    guard let difference else { return }
    throw ErrorReply(
      .unsupportedSpace, "the policy stays as it was, since the new one is for other spaces: \(difference)")
  }
}
