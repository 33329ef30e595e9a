import Environments
import Gymwire

/// The driver of one process, whatever its role: asks over its pipes, and reads the answers.
///
/// Asking and reading are apart, so that several processes can work at once. Whatever the process does wrong is thrown
/// as a ``ConnectionError``, and the process is gone by then.
class RemoteServer {
  final let connection: ServerConnection
  // One thread drives a process, so its fields need no checks for overlapping accesses.
  @exclusivity(unchecked) final var conversation = DriverConversation()
  private let role: ServerRole
  @exclusivity(unchecked) private final var isOutstanding = false
  private final var hasWarned = false
  /// When the server began to send notifications instead of its reply, in nanoseconds of the monotonic clock.
  @exclusivity(unchecked) private final var silentSince: UInt64?

  init(_ connection: ServerConnection, role: ServerRole) {
    self.connection = connection
    self.role = role
  }

  final var hello: HelloReply { conversation.hello }
  final var isBatched: Bool { conversation.form.isBatched }

  final func sendHello(_ hello: HelloRequest) throws(ConnectionError) {
    conversation.composeHello(hello)
    try send()
  }

  /// Waits for the answer to hello, and checks that this driver can go on with it.
  ///
  /// - Returns: the spaces of observations and actions.
  final func receiveHello(
    answering request: HelloRequest
  ) throws(ConnectionError) -> (observation: Space, action: Space) {
    // Whoever reads a log afterwards does not wait.
    if FileDescriptor.standardError.isTerminal {
      connection.announce("waiting for hello from \(connection.name) ...")
    }
    try receive { (conversation, line) throws(ReplyError) in try conversation.readHello(line) }
    connection.announce(nil)
    let hello = conversation.hello
    guard request.versions.contains(hello.version) else {
      throw reject(
        "speaks version \(hello.version) of the protocol, but this program speaks "
          + "version \(request.versions.map(String.init).joined(separator: ", "))",
        "Use releases of the two that have a version in common.")
    }
    guard hello.role == role.rawValue else {
      throw reject(
        "has the role \"\(hello.role)\", but \(role.phrase) is needed",
        "Give the command of \(role.phrase)\(role == .worker ? ", such as pgagent work --env-cmd ./sim" : "'s server")."
      )
    }
    let strangers = hello.features.filter { !request.features.contains($0) }.map(\.rawValue) + hello.unknownFeatures
    if let stranger = strangers.first {
      throw reject(
        "switched on the feature \(stranger), which was not asked for",
        "Only features that hello lists can be on.")
    }
    guard let observation = hello.observationSpace, let action = hello.actionSpace else {
      throw reject("named no spaces", "hello needs obs_space and action_space.")
    }
    return (observation, action)
  }

  /// Says goodbye where that is possible; the process is ended by whoever owns the connection.
  final func sendClose() {
    guard !isOutstanding else { return }
    conversation.composeClose()
    try? connection.send(conversation.line)
  }

  final func send() throws(ConnectionError) {
    guard conversation.line.count - 1 <= max(conversation.hello.maximumLine, ProtocolConstants.leastMaximumLine) else {
      throw reject(
        "reads lines of \(hello.maximumLine) bytes at most, but a request needs \(conversation.line.count - 1)",
        role.adviceOnLongLines)
    }
    isOutstanding = true
    try connection.send(conversation.line)
  }

  /// Whether the reply to what was sent last can be received without waiting, or a failure in its place.
  final func hasAnswered() -> Bool {
    while connection.hasArrived() {
      guard let line = connection.arrivedLine, let notification = Notification(line) else { return true }
      // What is thrown is thrown again to whoever receives the reply.
      guard (try? connection.receiveLine()) != nil, (try? note(notification)) != nil else { return true }
      connection.polledWait.begin()
    }
    return false
  }

  /// Whether something is still to be written by the process.
  final var isAwaited: Bool { isOutstanding && !connection.isDown && connection.arrivedLine == nil }

  // Compiled into its few callers, where both closures are known.
  @inline(__always)
  final func receive(
    whileArriving: (inout DriverConversation, UnsafeRawBufferPointer) -> Void = { _, _ in },
    _ read: (inout DriverConversation, UnsafeRawBufferPointer) throws(ReplyError) -> ServerLine
  ) throws(ConnectionError) {
    while true {
      let line = try connection.receiveLine { whileArriving(&conversation, $0) }
      let kind: ServerLine
      do throws(ReplyError) {
        kind = try read(&conversation, line)
      } catch .refused(let error) {
        throw connection.reject(
          error.code == .busy ? "has another driver" : "refused the request: \(error)",
          advice: advice(on: .refused(error)), reply: line, traceback: error.traceback,
          isRefusal: error.code.blamesRequest)
      } catch  where line.elementsEqual(conversation.line.dropLast()) {
        throw reject(
          "answered with the very line that it was sent",
          "It repeats its input, so it is probably no Gymwire server: give the command of one.")
      } catch {
        throw reject("broke the protocol: \(error)", advice(on: error), line: line)
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
  private final func note(_ notification: Notification) throws(ConnectionError) {
    if notification.operation == "log" || notification.operation == "progress" {
      StandardStreams.report(notification.text, from: connection.name)
    }
    try connection.requireNoInterruption()
    let now = Platform.nanoseconds()
    let since = silentSince ?? now
    silentSince = since
    guard .nanoseconds(now - since) <= connection.phase.limit * 10 else {
      throw reject("sent notifications for ten times the limit of \(connection.phase.limit) but no reply", "")
    }
  }

  private final func warnOfLaxForms() {
    guard !hasWarned else { return }
    hasWarned = true
    StandardStreams.report(
      "warning: \(connection.name) writes bare NaN or Infinity, or nested lists, which not every driver reads; "
        + "protocol/SPEC.md 8.4 and 9.1 say how to write them")
  }

  final func reject(
    _ happening: String, _ advice: String, line: UnsafeRawBufferPointer? = nil
  ) -> ConnectionError {
    connection.reject(happening, advice: advice, reply: line)
  }

  private final func advice(on error: ReplyError) -> String {
    switch error {
    case .malformed:
      "A reply is one JSON object on one line, in which NaN and the infinities are strings (protocol/SPEC.md 2.1, 8.4)."
    case .wrongIdentifier, .missing("id"):
      "A server copies the id of each request into its one reply (protocol/SPEC.md 3.1, 4.3)."
    case .missing: "The table of protocol/SPEC.md \(role.messageTable) lists what each reply needs."
    case .invalid("obs_space", _), .invalid("action_space", _):
      "Section 10 of protocol/SPEC.md describes every space that there is."
    case .invalid: "Sections 8 and 9 of protocol/SPEC.md say how numbers and arrays are written."
    case .refused(let error): advice(on: error.code)
    }
  }

  private final func advice(on code: ErrorCode) -> String {
    switch code {
    case .unsupportedSpace: "Both sides have to be made for the same spaces (protocol/SPEC.md 16.3)."
    case .environmentError: "The environment itself failed; run it by itself to see why."
    case .unsupportedVersion: "Use releases of the two programs that have a version of the protocol in common."
    case .busy: "It serves one driver at a time: end the other one, or wait until it has gone, and try again."
    case .badOptions: "Check the reset options against the environment's own description."
    default: "One of the two programs departs from protocol/SPEC.md section 7."
    }
  }
}

extension ErrorReply {
  /// What the server tells of where it happened (protocol/SPEC.md 7.8); empty if it does not.
  fileprivate var traceback: String {
    if case .string(let text)? = data["traceback"] { text } else { "" }
  }
}

extension ErrorCode {
  /// Whether the request is at fault, so that another process of the same server would refuse it too.
  fileprivate var blamesRequest: Bool {
    switch self {
    case .badOptions, .badSeed, .tooLarge, .unsupportedVersion, .unsupportedSpace: true
    default: false
    }
  }
}

extension ServerRole {
  /// What a server of the role serves.
  fileprivate var phrase: String {
    switch self {
    case .env: "an environment"
    case .policy: "a policy"
    case .learner: "a learner"
    case .worker: "a worker"
    }
  }

  fileprivate var adviceOnLongLines: String {
    switch self {
    case .env: "Ask it for fewer sub-environments."
    case .policy, .learner: "Ask it about fewer observations at once."
    case .worker: "Have more workers with fewer sub-environments each, or a smaller policy."
    }
  }

  /// Where protocol/SPEC.md lists the messages of the role.
  fileprivate var messageTable: String {
    switch self {
    case .env: "4.8"
    case .policy: "16"
    case .learner: "17"
    case .worker: "21"
    }
  }
}
