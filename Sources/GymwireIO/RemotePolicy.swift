import Environments
import Gymwire

/// A policy that is computed by another process, in whatever language, which is asked over its pipes.
///
/// Whatever the process does wrong is thrown as a ``ConnectionError``, and the process is gone by then.
public final class RemotePolicy: Policy {
  /// How to start and ask the process.
  public struct Options {
    /// The words of the command that starts it.
    public var command: [String]
    /// Whether to ask about many observations at once where the process can answer that.
    public var wantsBatches = true
    /// Whether to ask about each row in a session of its episode where the process has them, and not about many rows at once
    /// then (protocol/SPEC.md 16.13).
    ///
    /// ``RemotePolicy/beginEpisode(in:)`` has to be called where an episode begins.
    public var wantsSessions = false
    /// Whether to ask for arrays as base64.
    public var wantsBase64 = false
    /// The name told in hello.
    public var clientName = "pgagent"
    /// How long it may take to answer hello.
    public var startLimit = Duration.seconds(60)
    /// How long it may take to answer one question.
    public var actLimit = Duration.seconds(60)
    /// Lines, errors and warnings.
    public var connection = ServerConnection.Options()

    /// Creates options for a command.
    public init(command: [String]) { self.command = command }
  }

  /// The space of the observations.
  public let observationSpace: Space
  /// The space of the actions.
  public let actionSpace: Space
  private let remote: RemoteServer
  // Room for the one row that a policy without the feature batch is asked about at a time.
  private let observation: ValueBatch
  private let mask: MaskBatch
  private let answer: ActionBatch
  /// The rows whose session is open.
  private var openRows: Set<Int> = []
  /// Those of them whose session is that of an episode which is over.
  private var endedRows: Set<Int> = []

  /// Starts the process and tells it which spaces it is wanted for.
  ///
  /// - Throws: ``ChildProcessError`` if it cannot be started, ``ConnectionError`` if it cannot be talked to or is made for
  ///   other spaces. It is not left running then.
  public init(_ options: Options, observationSpace: Space, actionSpace: Space) throws {
    self.observationSpace = observationSpace
    self.actionSpace = actionSpace
    observation = ValueBatch(observationSpace, count: 1)
    mask = MaskBatch(actionSpace, count: 1)
    answer = ActionBatch(actionSpace, count: 1, withEstimates: true)
    let connection = try ServerConnection(
      command: options.command, phase: .startUp(limit: options.startLimit), options: options.connection)
    remote = RemoteServer(connection, role: .policy)
    do {
      try greet(options)
    } catch {
      ServerConnection.close([connection], grace: .zero)
      throw error
    }
    connection.phase = .act(limit: options.actLimit)
  }

  /// Whether it can be told which actions are legal.
  public var readsMasks: Bool { remote.hello.features.contains(.mask) }

  /// Bytes that it has been sent and has written, since it began.
  public var byteCounts: (sent: Int, received: Int) { remote.connection.byteCounts }

  private func greet(_ options: Options) throws(ConnectionError) {
    var hello = HelloRequest(client: options.clientName)
    hello.features = [.mask]
    if options.wantsBatches { hello.features.append(.batch) }
    if options.wantsBase64 { hello.features.append(.b64) }
    if options.wantsSessions { hello.features.append(.session) }
    hello.wantedObservationSpace = observationSpace
    hello.wantedActionSpace = actionSpace
    try remote.sendHello(hello)
    let spaces = try remote.receiveHello(answering: hello)
    let difference =
      spaces.observation.disagreement(withObservations: observationSpace)
      ?? spaces.action.disagreement(withActions: actionSpace)
    guard let difference else { return }
    throw remote.reject(
      "is made for other spaces than the environment has: \(difference)",
      "Give the command of a policy for this environment.")
  }

  /// Whether each row is asked about in a session of its episode.
  private var hasSessions: Bool { remote.hello.features.contains(.session) }

  /// Has the row asked about in another session from now on, where there are any.
  public func beginEpisode(in row: Int) {
    if openRows.contains(row) { endedRows.insert(row) }
  }

  /// Asks about the first `count` rows: all at once, or one after the other where the process has no feature batch, or has
  /// sessions.
  public func act(
    on observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    guard !remote.isBatched || hasSessions else {
      return try ask(observations, count: count, masks: masks, choice: choice, into: answers)
    }
    // Masks without width come from an environment that forbids nothing, and have no row to copy.
    let masks = masks.flatMap { $0.width > 0 ? $0 : nil }
    for row in 0..<count {
      observation.copyRow(row, of: observations, to: 0)
      if let masks { mask.copyRow(row, of: masks, to: 0) }
      let asked = masks.map { _ in mask }
      if hasSessions {
        try ask(observation, inSessionOf: row, masks: asked, choice: choice.forRow(row))
      } else {
        try ask(observation, count: 1, masks: asked, choice: choice.forRow(row), into: answer)
      }
      answers.copyRow(0, of: answer, to: row)
    }
  }

  private func ask(
    _ observation: ValueBatch, inSessionOf row: Int, masks: MaskBatch?, choice: ActionChoice
  ) throws(ConnectionError) {
    let session = "row \(row)"
    if endedRows.remove(row) != nil {
      openRows.remove(row)
      remote.conversation.composeAbandon(session)
      try receiveEmpty()
    }
    if openRows.insert(row).inserted {
      remote.conversation.composeBegin(session)
      try receiveEmpty()
    }
    remote.conversation.composeAct(observation, in: session, reward: nil, masks: masks, choice: choice)
    try remote.send()
    try remote.receive { (conversation, line) throws(ReplyError) in
      try conversation.readSessionAct(line, into: answer)
    }
    try requireActions(answer, count: 1)
  }

  private func receiveEmpty() throws(ConnectionError) {
    try remote.send()
    try remote.receive { (conversation, line) throws(ReplyError) in try conversation.readEmpty(line) }
  }

  private func ask(
    _ observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws(ConnectionError) {
    remote.conversation.composeAct(observations, count: count, masks: masks, choice: choice)
    try remote.send()
    try remote.receive { (conversation, line) throws(ReplyError) in
      try conversation.readAct(line, into: answers, count: count)
    }
    try requireActions(answers, count: count)
  }

  private func requireActions(_ answers: ActionBatch, count: Int) throws(ConnectionError) {
    guard let (row, reason) = answers.actions.violation(in: 0..<count) else { return }
    throw remote.reject(
      "chose an action that is none\(count > 1 ? ", in row \(row)" : ""): action \(reason)",
      "Actions lie in the action space that hello has told; those of a Box are clipped (protocol/SPEC.md 16.7).")
  }

  /// Ends the process in an orderly way; nothing can be asked afterwards.
  public func close(grace: Duration = .seconds(2)) {
    remote.sendClose()
    ServerConnection.close([remote.connection], grace: grace)
  }
}
