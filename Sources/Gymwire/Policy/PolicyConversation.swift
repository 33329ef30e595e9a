import Environments
import JSONLines

/// The server's side of one conversation about a policy.
public final class PolicyConversation: ActingConversation {
  /// Looks for what has taken the place of the policy; nil if nothing has, and throws where that cannot be used.
  public typealias Reloading = () throws -> (any Policy)?

  private var policy: any Policy
  private let reload: Reloading
  private var version = 1

  /// Begins a conversation about a policy.
  ///
  /// - Parameters:
  ///   - serverName: the name of the server's software, told in hello.
  ///   - reload: called for each reload; what it throws is told to the driver, and the policy stays.
  public init(serving policy: any Policy, serverName: String, reload: @escaping Reloading = { nil }) {
    self.policy = policy
    self.reload = reload
    super.init(role: .policy, serverName: serverName, features: [.batch, .b64, .mask])
    putIntoForce(policy, version: version)
  }

  override func prepare(_ answer: inout HelloReply, for hello: HelloRequest) throws(ErrorReply) {
    let spaces = try hello.negotiate(ownObservations: policy.observationSpace, ownActions: policy.actionSpace)
    answer.observationSpace = spaces.observations
    answer.actionSpace = spaces.actions
  }

  override func perform(_ name: String, _ members: Request.Members, id: Int64) throws(ErrorReply) -> Bool {
    guard let operation = PolicyOperation(rawValue: name) else { return false }
    switch operation {
    case .act: try answer(readAct(members, hasSessions: false), members, id: id)
    case .reload:
      try requireGreeting()
      try reload(id: id)
    }
    return true
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
      putIntoForce(found, version: version)
    }
    UpdateReply(isUpdated: found != nil, policyVersion: version).write(id: id, to: &reply)
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
