import Environments
import Gymwire

/// The driver of one environment process: reads what it answers into rows of a shared outcome.
final class RemoteEnvironment: RemoteServer {
  private let limits: TimeLimits

  /// How long a server may take for a reply.
  struct TimeLimits {
    var startUp: Duration
    var step: Duration
  }

  init(_ connection: ServerConnection, limits: TimeLimits) {
    self.limits = limits
    super.init(connection, role: .env)
    connection.phase = .startUp(limit: limits.startUp)
  }

  /// Waits for the answer to hello, and begins the phase of steps.
  ///
  /// - Returns: the spaces of observations and actions.
  func receiveSpaces(answering request: HelloRequest) throws(ConnectionError) -> (observation: Space, action: Space) {
    let spaces = try receiveHello(answering: request)
    let wanted = request.wantedEnvironments ?? 1
    guard hello.environmentCount >= 1, hello.environmentCount <= wanted else {
      throw reject(
        "granted \(hello.environmentCount) sub-environments, but \(wanted) were wanted", "It may grant 1 to \(wanted).")
    }
    connection.phase = .step(limit: limits.step)
    return spaces
  }

  func sendReset(_ reset: ResetRequest) throws(ConnectionError) {
    conversation.composeReset(reset)
    try send()
  }

  func receiveReset(into outcome: StepBatch, rows: Range<Int>) throws(ConnectionError) {
    try receive { (conversation, line) throws(ReplyError) in try conversation.readReset(line, into: outcome, rows: rows)
    }
    try requireFinite(outcome.observations, rows)
  }

  func sendStep(_ actions: ValueBatch, rows: Range<Int>) throws(ConnectionError) {
    conversation.composeStep(actions, rows: rows)
    try send()
  }

  func receiveStep(into outcome: StepBatch, rows: Range<Int>) throws(ConnectionError) {
    try receive(whileArriving: { $0.readAhead($1, into: outcome, rows: rows) }) {
      (conversation, line) throws(ReplyError) in
      try conversation.readStep(line, into: outcome, rows: rows)
    }
    try requireFinite(outcome.observations, rows)
    guard isBatched else { return }
    try outcome.forEachEndedRow(in: rows) { row throws(ConnectionError) in
      try requireFinite(outcome.finalObservations, row..<row + 1)
    }
  }

  /// Asks for a picture, and waits for it.
  func render(_ request: RenderRequest) throws(ConnectionError) -> Rendering {
    conversation.composeRender(request)
    try send()
    var rendering: Rendering?
    try receive { (conversation, line) throws(ReplyError) in try conversation.readRender(line, into: &rendering) }
    guard let rendering else { throw reject("drew nothing", "protocol/SPEC.md 15.2 says what a reply to render has.") }
    return rendering
  }

  private func requireFinite(_ batch: ValueBatch, _ rows: Range<Int>) throws(ConnectionError) {
    guard let (row, element, value) = batch.firstNonFinite(in: rows) else { return }
    throw reject(
      "sent an observation whose element \(element) is \(value)\(rows.count > 1 ? " in sub-environment \(row)" : "")",
      "Nothing can be learned from such a number: mend the environment, or bound what it observes.")
  }
}
