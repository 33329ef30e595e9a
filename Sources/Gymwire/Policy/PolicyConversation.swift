import Environments
import JSONLines

/// The server's side of one conversation about a policy.
public final class PolicyConversation: ActingConversation {
  /// Looks for what has taken the place of the policy; nil if nothing has, and throws where that cannot be used.
  public typealias Reloading = () throws -> (any Policy)?

  private var policy: any Policy
  private let reload: Reloading
  private var version = 1
  private var sessions: [SessionName: FrameEpisode] = [:]
  private static let mostSessions = 1024

  /// Begins a conversation about a policy.
  ///
  /// - Parameters:
  ///   - serverName: the name of the server's software, told in hello.
  ///   - reload: called for each reload; what it throws is told to the driver, and the policy stays.
  public init(serving policy: any Policy, serverName: String, reload: @escaping Reloading = { nil }) {
    self.policy = policy
    self.reload = reload
    super.init(role: .policy, serverName: serverName, features: [.batch, .b64, .mask, .session])
  }

  override func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {
    let asked = try asked(policy)
    let spaces = try hello.negotiate(ownObservations: asked.observationSpace, ownActions: asked.actionSpace)
    answer.observationSpace = spaces.observations
    answer.actionSpace = spaces.actions
    putIntoForce(asked, version: version)
  }

  /// The policy as this driver asks it: with sessions about single observations, which are stacked here.
  private func asked(_ policy: any Policy) throws(ErrorReply) -> any Policy {
    guard features.contains(.session), policy.frameStack > 1 else { return policy }
    do throws(EnvironmentError) { return try UnstackedPolicy(policy) } catch {
      throw ErrorReply(.unsupportedSpace, "the policy cannot be asked about single observations: \(error)")
    }
  }

  override func perform(_ name: String, _ members: Request.Members, id: Int64) throws(ErrorReply) -> Bool {
    guard let operation = PolicyOperation(rawValue: name) else { return false }
    switch operation {
    case .act:
      let request = try readAct(members, hasSessions: features.contains(.session), hasRewards: false)
      var episode: FrameEpisode?
      if let name = request.session {
        try request.requireOneRow()
        episode = try session(name)
      }
      try answer(request, members, in: episode, id: id)
    case .begin, .abandon:
      guard features.contains(.session) else { return false }
      var request = SessionRequest(operation == .begin ? .begin : .abandon)
      try request.readMembers(members)
      try (operation == .begin ? begin : abandon)(request.session.given())
      EmptyReply().write(id: id, to: &reply)
    case .reload:
      try requireGreeting()
      try reload(id: id)
    }
    return true
  }

  private func session(_ name: SessionName) throws(ErrorReply) -> FrameEpisode {
    guard let episode = sessions[name] else { throw .notOpen(name) }
    return episode
  }

  private func begin(_ name: SessionName) throws(ErrorReply) {
    guard sessions[name] == nil else { throw .openAlready(name) }
    guard sessions.count < Self.mostSessions else { throw .tooMany(sessions.count) }
    sessions[name] = FrameEpisode()
  }

  private func abandon(_ name: SessionName) throws(ErrorReply) {
    _ = try session(name)
    sessions[name] = nil
  }

  private func reload(id: Int64) throws(ErrorReply) {
    let found: (any Policy)?
    do { found = try reload() } catch {
      throw ErrorReply(.internal, "the policy stays as it was: \(error)")
    }
    if let found {
      try requireSameSpaces(found)
      let asked = try asked(found)
      policy = found
      version += 1
      putIntoForce(asked, version: version)
    }
    UpdateReply(isUpdated: found != nil, policyVersion: version).write(id: id, to: &reply)
  }

  private func requireSameSpaces(_ found: any Policy) throws(ErrorReply) {
    let difference =
      policy.observationSpace.disagreement(withObservations: found.observationSpace)
      ?? policy.actionSpace.disagreement(withActions: found.actionSpace)
      ?? (features.contains(.session) ? stackDifference(found) : nil)
    guard let difference else { return }
    throw ErrorReply(
      .unsupportedSpace, "the policy stays as it was, since the new one is for other spaces: \(difference)")
  }

  private func stackDifference(_ found: any Policy) -> String? {
    guard found.frameStack != policy.frameStack else { return nil }
    return "it stacks \(found.frameStack) observations, and this one \(policy.frameStack)"
  }
}
