import Environments
import Gymwire

/// The driver of one worker process.
final class WorkerProcess: RemoteServer {
  /// The version of the policy that the worker has; nil where it has none.
  private var policyVersion: Int?

  let policyText: PolicyText

  /// Starts the process; the workers that are sent the same versions of a policy share its text.
  init(_ options: RemoteWorker.Options, sharing policyText: PolicyText) throws(ChildProcessError) {
    self.policyText = policyText
    let connection = try ServerConnection(
      command: options.command, phase: .startUp(limit: options.startLimit), options: options.connection)
    super.init(connection, role: .worker)
  }

  /// Waits for the answer to hello, and begins the phase of work.
  func receiveSpaces(
    answering request: HelloRequest, limit: Duration
  ) throws(ConnectionError) -> (observation: Space, action: Space) {
    let spaces = try receiveHello(answering: request)
    let wanted = request.wantedEnvironments ?? 1
    guard isBatched, hello.features.contains(.b64), (1...wanted).contains(hello.environmentCount) else {
      throw reject(
        "granted \(hello.environmentCount) sub-environments of \(wanted), or not the features batch and b64",
        "protocol/SPEC.md 21.2 says what a worker grants.")
    }
    connection.phase = .work(limit: limit)
    return spaces
  }

  func prepare(settings: String) throws(ConnectionError) {
    conversation.composePrepare(settings: settings)
    try send()
    try receive { (conversation, line) throws(ReplyError) in try conversation.readEmpty(line) }
  }

  func sendReset(_ reset: ResetRequest) throws(ConnectionError) {
    conversation.composeReset(reset)
    try send()
  }

  func receiveReset(into outcome: StepBatch) throws(ConnectionError) {
    try receive { (conversation, line) throws(ReplyError) in
      try conversation.readReset(line, into: outcome, rows: 0..<outcome.count)
    }
  }

  /// Sends an order, with the policy only where the worker has another version of it.
  func sendOrder(_ order: RolloutOrder) throws(ConnectionError) {
    conversation.composeCollect(order, policy: policyVersion == order.policyVersion ? nil : policyText)
    policyVersion = nil
    try send()
  }

  /// Asks for gradients, and waits for them.
  func gradients(_ order: GradientOrder) throws(ConnectionError) -> GradientAnswer {
    conversation.composeGradient(order)
    policyVersion = nil
    try send()
    var answer: GradientAnswer?
    try receive { (conversation, line) throws(ReplyError) in try conversation.readGradient(line, into: &answer) }
    guard let answer else { throw reject("computed nothing", "protocol/SPEC.md 21.15 says what a reply has.") }
    return answer
  }

  func receiveRollout(
    answering order: RolloutOrder, streams: Int, actionWidth: Int
  ) throws(ConnectionError) -> Rollout {
    var rollout: Rollout?
    try receive { (conversation, line) throws(ReplyError) in
      try conversation.readCollect(
        line, answering: order, streams: streams, actionWidth: actionWidth, into: &rollout)
    }
    guard let rollout else { throw reject("collected nothing", "protocol/SPEC.md 21.8 says what a reply has.") }
    policyVersion = order.policyVersion
    return rollout
  }
}
