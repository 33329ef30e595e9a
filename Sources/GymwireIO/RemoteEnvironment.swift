import Environments
import Gymwire

/// The driver of one environment process: asks over its pipes, and reads the answers into rows of a shared outcome.
///
/// Asking and reading are apart, so that several processes can work at once. Whatever the process does wrong is thrown
/// as a ``ConnectionError``, and the process is gone by then.
final class RemoteEnvironment {
  let connection: ServerConnection
  // One thread drives a process, so its fields need no checks for overlapping accesses.
  @exclusivity(unchecked) private var session = DriverSession()
  private let limits: TimeLimits
  @exclusivity(unchecked) private var isOutstanding = false
  private var hasWarned = false
  @exclusivity(unchecked) private var silentSince: ContinuousClock.Instant?

  /// How long a server may take for a reply.
  struct TimeLimits {
    var startUp: Duration
    var step: Duration
  }

  init(_ connection: ServerConnection, limits: TimeLimits) {
    self.connection = connection
    self.limits = limits
    connection.phase = .startUp(limit: limits.startUp)
  }

  var hello: HelloReply { session.hello }
  var isBatched: Bool { session.form.isBatched }

  func sendHello(_ hello: HelloRequest) throws(ConnectionError) {
    session.composeHello(hello)
    try send()
  }

  /// Waits for the answer to hello, and checks that this driver can go on with it.
  ///
  /// - Returns: the spaces of observations and actions.
  func receiveHello(answering request: HelloRequest) throws(ConnectionError) -> (observation: Space, action: Space) {
    try receive { (session, line) throws(ReplyError) in try session.readHello(line) }
    let hello = session.hello
    guard request.versions.contains(hello.version) else {
      throw reject(
        "speaks version \(hello.version) of the protocol, but this program speaks "
          + "version \(request.versions.map(String.init).joined(separator: ", "))",
        "Use releases of the two that have a version in common.")
    }
    guard hello.role == "env" else {
      throw reject(
        "has the role \"\(hello.role)\", but an environment is needed", "Give the command of an environment's server.")
    }
    let strangers = hello.features.filter { !request.features.contains($0) }.map(\.rawValue) + hello.unknownFeatures
    if let stranger = strangers.first {
      throw reject(
        "switched on the feature \(stranger), which was not asked for",
        "Only features that hello lists can be on.")
    }
    let wanted = request.wantedEnvironments ?? 1
    guard hello.environmentCount >= 1, hello.environmentCount <= wanted else {
      throw reject(
        "granted \(hello.environmentCount) sub-environments, but \(wanted) were wanted", "It may grant 1 to \(wanted).")
    }
    guard let observation = hello.observationSpace, let action = hello.actionSpace else {
      throw reject("named no spaces", "hello needs obs_space and action_space.")
    }
    connection.phase = .step(limit: limits.step)
    return (observation, action)
  }

  func sendReset(_ reset: ResetRequest) throws(ConnectionError) {
    session.composeReset(reset)
    try send()
  }

  func receiveReset(into outcome: StepBatch, rows: Range<Int>) throws(ConnectionError) {
    try receive { (session, line) throws(ReplyError) in try session.readReset(line, into: outcome, rows: rows) }
    try requireFinite(outcome.observations, rows)
  }

  func sendStep(_ actions: ValueBatch, rows: Range<Int>) throws(ConnectionError) {
    session.composeStep(actions, rows: rows)
    try send()
  }

  func receiveStep(into outcome: StepBatch, rows: Range<Int>) throws(ConnectionError) {
    try receive(whileArriving: { $0.readAhead($1, into: outcome, rows: rows) }) { (session, line) throws(ReplyError) in
      try session.readStep(line, into: outcome, rows: rows)
    }
    try requireFinite(outcome.observations, rows)
    guard isBatched else { return }
    for row in rows where outcome.hasEnded(row) {
      try requireFinite(outcome.finalObservations, row..<row + 1)
    }
  }

  /// Says goodbye where that is possible; the process is ended by whoever owns the connection.
  func sendClose() {
    guard !isOutstanding else { return }
    session.composeClose()
    try? connection.send(session.line)
  }

  private func send() throws(ConnectionError) {
    guard session.line.count - 1 <= max(session.hello.maximumLine, ProtocolConstants.leastMaximumLine) else {
      throw reject(
        "reads lines of \(hello.maximumLine) bytes at most, but a request needs \(session.line.count - 1)",
        "Ask it for fewer sub-environments.")
    }
    isOutstanding = true
    try connection.send(session.line)
  }

  private func receive(
    whileArriving: (inout DriverSession, UnsafeRawBufferPointer) -> Void = { _, _ in },
    _ read: (inout DriverSession, UnsafeRawBufferPointer) throws(ReplyError) -> ServerLine
  ) throws(ConnectionError) {
    while true {
      let line = try connection.receiveLine { whileArriving(&session, $0) }
      let kind: ServerLine
      do throws(ReplyError) {
        kind = try read(&session, line)
      } catch .refused(let error) {
        throw reject("refused the request: \(error)", Self.advice(on: .refused(error)), line: line)
      } catch {
        throw reject("broke the protocol: \(error)", Self.advice(on: error), line: line)
      }
      switch kind {
      case .notification(let notification): try note(notification)
      case .reply(let isLax):
        if isLax { warnOfLaxForms() }
        isOutstanding = false
        silentSince = nil
        return
      }
    }
  }

  /// Passes on what a server tells on its way; each such line restarts the time limit, ten times at the most.
  private func note(_ notification: Notification) throws(ConnectionError) {
    if notification.operation == "log" || notification.operation == "progress" {
      StandardStreams.report("[\(connection.name)] \(notification.text)")
    }
    let since = silentSince ?? .now
    silentSince = since
    guard since.duration(to: .now) <= connection.phase.limit * 10 else {
      throw reject("sent notifications for ten times the limit of \(connection.phase.limit) but no reply", "")
    }
  }

  private func warnOfLaxForms() {
    guard !hasWarned else { return }
    hasWarned = true
    StandardStreams.report(
      "warning: \(connection.name) writes bare NaN or Infinity, or nested lists, which not every driver reads; "
        + "protocol/SPEC.md 8.4 and 9.1 say how to write them")
  }

  private func requireFinite(_ batch: ValueBatch, _ rows: Range<Int>) throws(ConnectionError) {
    guard let (row, element, value) = batch.firstNonFinite(in: rows) else { return }
    throw reject(
      "sent an observation whose element \(element) is \(value)\(rows.count > 1 ? " in sub-environment \(row)" : "")",
      "Nothing can be learned from such a number: mend the environment, or bound what it observes.")
  }

  private func reject(
    _ happening: String, _ advice: String, line: UnsafeRawBufferPointer? = nil
  ) -> ConnectionError {
    connection.reject(happening, advice: advice, reply: line)
  }

  private static func advice(on error: ReplyError) -> String {
    switch error {
    case .malformed:
      "A reply is one JSON object on one line, in which NaN and the infinities are strings (protocol/SPEC.md 2.1, 8.4)."
    case .wrongIdentifier, .missing("id"):
      "A server copies the id of each request into its one reply (protocol/SPEC.md 3.1, 4.3)."
    case .missing: "The table of protocol/SPEC.md 4.8 lists what each reply needs."
    case .invalid("obs_space", _), .invalid("action_space", _):
      "Section 10 of protocol/SPEC.md describes every space that there is."
    case .invalid: "Sections 8 and 9 of protocol/SPEC.md say how numbers and arrays are written."
    case .refused(let error): advice(on: error.code)
    }
  }

  private static func advice(on code: ErrorCode) -> String {
    switch code {
    case .environmentError: "The environment itself failed; run it by itself to see why."
    case .unsupportedVersion: "Use releases of the two programs that have a version of the protocol in common."
    case .badOptions: "Check the reset options against the environment's own description."
    default: "One of the two programs departs from protocol/SPEC.md section 7."
    }
  }
}
