import Environments
import JSONLines

/// The server's side of one conversation with a learner.
///
/// It keeps the sessions by name and sees to the order of what comes for each, so that a `SessionLearner`
/// is never asked for what makes no sense.
public final class LearnerConversation: ActingConversation {
  /// Makes the learner for the spaces that hello has settled; throws an ``ErrorReply`` where it cannot work with them.
  public typealias Making =
    (_ observations: Space, _ actions: Space, _ usesMasks: Bool) throws -> any SessionLearner

  private let ownSpaces: (observations: Space, actions: Space)?
  private let make: Making
  private var learner: (any SessionLearner)?
  private var sessions: [SessionName: OpenSession] = [:]
  private var isConcluded = false

  private struct OpenSession {
    let number: Int
    var hasActed = false

    /// Refuses a reward before the first action, and none after it (protocol/SPEC.md 17.3).
    func requireReward(_ reward: Reward?) throws(ErrorReply) {
      if hasActed, reward == nil {
        throw ErrorReply(.badMessage, "\"reward\" is missing: what was earned since the session's last action")
      }
      if !hasActed, reward != nil {
        throw ErrorReply(
          .badMessage, "\"reward\" comes before the session's first action, where nothing was earned yet")
      }
    }
  }

  /// Begins a conversation with a learner that is made when the spaces are known.
  ///
  /// - Parameters:
  ///   - serverName: the name of the server's software, told in hello.
  ///   - ownSpaces: the spaces of what has been learned before; nil leaves them to the driver.
  public init(
    serverName: String, ownSpaces: (observations: Space, actions: Space)?, make: @escaping Making
  ) {
    (self.ownSpaces, self.make) = (ownSpaces, make)
    super.init(role: .learner, serverName: serverName, features: [.batch, .b64, .mask])
  }

  override func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {
    let spaces = try hello.negotiate(
      ownObservations: ownSpaces?.observations, ownActions: ownSpaces?.actions)
    let learner: any SessionLearner
    do { learner = try make(spaces.observations, spaces.actions, features.contains(.mask)) } catch {
      throw error as? ErrorReply ?? ErrorReply(.internal, "\(error)", isFatal: true)
    }
    (answer.observationSpace, answer.actionSpace) = (spaces.observations, spaces.actions)
    self.learner = learner
    putIntoForce(learner, version: learner.policyVersion)
  }

  override func perform(_ name: String, _ members: Request.Members, id: Int64) throws(ErrorReply) -> Bool {
    guard let operation = LearnerOperation(rawValue: name) else { return false }
    switch operation {
    case .begin:
      var request = SessionRequest(.begin)
      try request.readMembers(members)
      try begin(request.session.given(), with: try greeted(), id: id)
    case .act:
      let request = try readAct(members, hasSessions: true, hasRewards: true)
      if let session = request.session {
        try act(request, members, in: session, id: id)
      } else {
        try answer(request, members, id: id)
      }
    case .logAction:
      var request = LogActionRequest(into: room(for: members), actions: answeredActions, form: singleForm)
      try request.readMembers(members)
      try log(request, members, with: try greeted(), id: id)
    case .end:
      var request = EndRequest(into: room(for: members), form: singleForm)
      try request.readMembers(members)
      try request.requireEnd()
      try end(request, members, with: try greeted(), id: id)
    case .abandon:
      var request = SessionRequest(.abandon)
      try request.readMembers(members)
      let (learner, name) = (try greeted(), try request.session.given())
      learner.abandon(try session(name).number)
      sessions[name] = nil
      EmptyReply().write(id: id, to: &reply)
    case .save: try save(with: try greeted(), id: id)
    }
    return true
  }

  private func save(with learner: any SessionLearner, id: Int64) throws(ErrorReply) {
    do { SaveReply(path: try learner.save()).write(id: id, to: &reply) } catch {
      throw ErrorReply(.internal, "what has been learned could not be written: \(error)")
    }
  }

  /// Abandons what is open, and saves, which comes before the answer to close and at the end of the input.
  ///
  /// - Throws: what saving throws.
  public override func conclude() throws {
    guard !isConcluded else { return }
    isConcluded = true
    for session in sessions.values { learner?.abandon(session.number) }
    sessions.removeAll()
    _ = try learner?.save()
  }

  private func greeted() throws(ErrorReply) -> any SessionLearner {
    try requireGreeting()
    guard let learner else { throw ErrorReply(.notReady, "hello has to come first") }
    return learner
  }

  private func session(_ name: SessionName) throws(ErrorReply) -> OpenSession {
    guard let session = sessions[name] else { throw .notOpen(name) }
    return session
  }

  private func begin(_ name: SessionName, with learner: any SessionLearner, id: Int64) throws(ErrorReply) {
    guard sessions[name] == nil else { throw .openAlready(name) }
    guard sessions.count < learner.mostSessions else { throw .tooMany(sessions.count) }
    sessions[name] = OpenSession(number: learner.begin())
    EmptyReply().write(id: id, to: &reply)
  }

  /// Refuses another action where too much waits for an update, which comes with an end (protocol/SPEC.md 17.15).
  private func requireRoom(_ learner: any SessionLearner) throws(ErrorReply) {
    guard learner.hasRoom else {
      throw ErrorReply(
        .badMessage,
        "no more steps can be kept that no update has used: end a session, with \"truncated\" where its world goes on")
    }
  }

  private func act(
    _ request: ActRequest, _ members: Request.Members, in name: SessionName, id: Int64
  ) throws(ErrorReply) {
    try request.requireOneRow()
    let learner = try greeted()
    let session = try session(name)
    try session.requireReward(request.reward)
    try requireRoom(learner)
    var request = request
    try request.readValues(members)
    let rows = try greetedRows()
    try refusingObservations {
      try learner.act(
        in: session.number, on: rows.observations, mask: rows.masks, reward: request.reward?.value,
        choice: request.choice, into: rows.answers)
    }
    sessions[name]?.hasActed = true
    ActReply(rows.answers, count: 1, form: singleForm, policyVersion: learner.policyVersion).write(id: id, to: &reply)
  }

  private func log(
    _ request: LogActionRequest, _ members: Request.Members, with learner: any SessionLearner, id: Int64
  ) throws(ErrorReply) {
    let name = try request.session.given()
    let session = try session(name)
    try session.requireReward(request.reward)
    try requireRoom(learner)
    var request = request
    try request.readValues(members)
    let rows = try greetedRows()
    try refusingObservations {
      try learner.log(
        in: session.number, on: rows.observations, reward: request.reward?.value, answers: rows.answers)
    }
    sessions[name]?.hasActed = true
    LogActionReply(rows.answers, policyVersion: learner.policyVersion).write(id: id, to: &reply)
  }

  private func end(
    _ request: EndRequest, _ members: Request.Members, with learner: any SessionLearner, id: Int64
  ) throws(ErrorReply) {
    let name = try request.session.given()
    let session = try session(name)
    var request = request
    try request.readValues(members)
    let rows = try greetedRows()
    var statistics: [(name: String, value: Double)]?
    do throws(ErrorReply) {
      try refusingObservations {
        statistics = try learner.end(
          session.number, on: rows.observations, reward: session.hasActed ? request.reward?.value : nil,
          isTerminated: request.isTerminated == true)
      }
    } catch {
      // Learning has failed after the session was closed.
      if error.isFatal { sessions[name] = nil }
      throw error
    }
    sessions[name] = nil
    putIntoForce(learner, version: learner.policyVersion)
    UpdateReply(isUpdated: statistics != nil, policyVersion: learner.policyVersion, statistics: statistics)
      .write(id: id, to: &reply)
  }

  /// What the learner throws for an observation is `bad_message`; anything else is the end.
  private func refusingObservations(_ body: () throws -> Void) throws(ErrorReply) {
    do { try body() } catch PolicyError.unusableObservation(_, let reason) {
      throw ErrorReply(.badMessage, "\"obs\" cannot be used: \(reason)")
    } catch {
      throw ErrorReply(.internal, "\(error)", isFatal: true)
    }
  }
}
