import JSONLines

/// The driver's end of the two pipes to a server: lines out, lines in, and all that can go wrong with the process.
///
/// It knows lines and processes and nothing of what the lines mean. Once it has thrown, the process is gone and every
/// later call throws the same error. One thread uses it at a time.
public final class ServerConnection {
  /// What a connection may be told.
  public struct Options: Sendable {
    /// Passes the server's standard error on to ours.
    public var showsStandardError = false
    /// The longest line to accept, in bytes.
    public var maximumLineLength = 67_108_864
    /// Records the conversation; nil if it is not recorded.
    public var recorder: TranscriptRecorder?
    /// Whether to look several times before sleeping.
    public var spinning = Spinning.automatic
    /// Takes warnings, one line each, without an end.
    public var warn: @Sendable (String) -> Void = { StandardStreams.report("warning: " + $0) }

    /// The defaults.
    public init() {}
  }

  /// The server, when this connection has started it.
  public let process: ChildProcess?
  /// The server's name for messages.
  public let name: String
  /// What the driver is doing, for messages, and how long one reply may take.
  public var phase: ConnectionPhase {
    didSet { guarded.setLimit(phase.limit) }
  }

  private let options: Options
  private let recorder: TranscriptRecorder?
  private let output: FileDescriptor
  let reader: LineReader
  private let guarded: WaitGuard
  // One thread uses a connection, so its fields need no checks for overlapping accesses.
  @exclusivity(unchecked) private var failure: ConnectionError? {
    didSet { isDown = failure != nil }
  }
  private(set) var isDown = false
  @exclusivity(unchecked) var polledWait = PolledWait()
  /// How many lines were no replies.
  private var noiseLines = 0
  private static let shownNoise = 100

  /// Bytes of requests and of everything that the server has said.
  public var byteCounts: (sent: Int, received: Int) { (sentByteCount, reader.byteCount) }
  @exclusivity(unchecked) private var sentByteCount = 0

  /// Two frames of Python, which say where the fault is, and the fault itself.
  private static let tracebackLines = 12

  // The beginning of the last request, kept for messages; a fixed buffer, as every request is copied into it.
  private static let excerptCapacity = 256
  private let request = UnsafeMutableRawBufferPointer.allocate(byteCount: excerptCapacity, alignment: 16)
  @exclusivity(unchecked) private var requestLength = 0

  /// Starts a server and connects to it.
  /// - Throws: `ChildProcessError` when it cannot be started.
  public convenience init(
    command: [String],
    phase: ConnectionPhase = .startUp(),
    options: Options = Options()
  ) throws(ChildProcessError) {
    let process = try ChildProcess(command: command, showsStandardError: options.showsStandardError)
    self.init(
      process: process,
      name: process.name,
      reading: process.output,
      writing: process.input,
      phase: phase,
      options: options
    )
  }

  /// Connects to whatever is at the other end of two descriptors, which stay the caller's.
  public convenience init(
    reading: FileDescriptor,
    writing: FileDescriptor,
    name: String,
    phase: ConnectionPhase = .startUp(),
    options: Options = Options()
  ) {
    self.init(process: nil, name: name, reading: reading, writing: writing, phase: phase, options: options)
  }

  private init(
    process: ChildProcess?,
    name: String,
    reading: FileDescriptor,
    writing: FileDescriptor,
    phase: ConnectionPhase,
    options: Options
  ) {
    self.process = process
    self.name = name
    self.phase = phase
    self.options = options
    recorder = options.recorder
    output = writing
    guarded = WaitGuard(process: process?.processIdentifier ?? 0)
    reader = LineReader(reading, maximumLineLength: options.maximumLineLength, spinning: options.spinning)
    guarded.setLimit(phase.limit)
    ProcessMonitor.shared.add(guarded)
  }

  deinit {
    ProcessMonitor.shared.remove(guarded)
    request.deallocate()
  }

  /// Lets people know what is waited for, once, when an answer takes longer than a second; nil for nothing more.
  func announce(_ text: String?) { guarded.announce(text) }

  /// Sends one line, its end included.
  ///
  /// A server that has ended is not an error yet: it may have said why, and ``receiveLine()`` reports it.
  public func send(_ line: UnsafeRawBufferPointer) throws(ConnectionError) {
    if isDown, let failure { throw failure }
    if let recorder { recorder.sent(line) }
    polledWait.begin()
    requestLength = min(line.count, request.count)
    request.copyMemory(from: UnsafeRawBufferPointer(rebasing: line[..<requestLength]))
    guarded.begin()
    defer { guarded.end() }
    sentByteCount &+= line.count
    var rest = line
    while !rest.isEmpty {
      let count = Platform.write(output.rawValue, rest)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        continue
      }
      switch SystemError(number: Int32(-count)) {
      case .interrupted: break
      case .wouldBlock: _ = Platform.poll(output.rawValue, forWriting: true, milliseconds: -1)
      case .brokenPipe: return
      case let error:
        throw fail(.system(DescriptorError(action: "writing", descriptor: output.rawValue, cause: error)))
      }
      try requirePatience()
      if guarded.verdict == .ended { return }
    }
  }

  /// Waits for the next line that begins with `{`.
  ///
  /// Any other line is noise, such as the banner of a library: it is passed on to standard error, with one warning.
  /// - Returns: the line without its end, valid until the next call.
  /// - Throws: `ConnectionError`; the server has been killed by then.
  public func receiveLine() throws(ConnectionError) -> UnsafeRawBufferPointer { try receiveLine { _ in } }

  /// Waits for the next line, and shows its beginning to `whileArriving` each time that more of it is waited for.
  func receiveLine(
    whileArriving: (UnsafeRawBufferPointer) -> Void
  ) throws(ConnectionError) -> UnsafeRawBufferPointer {
    if isDown, let failure { throw failure }
    defer { guarded.end() }
    while true {
      switch reader.next(guardedBy: guarded, whileArriving: whileArriving) {
      case .line(let bytes):
        if bytes.first == UInt8(ascii: "{") {
          if let recorder { recorder.received(bytes) }
          return bytes
        }
        try passOn(noise: bytes)
      case .unfinished(let bytes):
        if bytes.first == UInt8(ascii: "{"), Self.isWhole(bytes) { return bytes }
        let partial = VisibleText.excerpt(bytes)
        throw fail(.ended(process?.exit(within: .seconds(1))), partialLine: partial)
      case .tooLong: throw fail(.lineTooLong(maximum: options.maximumLineLength))
      case .end: throw fail(.ended(process?.exit(within: .seconds(1))))
      case .stopped(.timedOut): throw fail(.timedOut)
      case .stopped(.interrupted): throw fail(.interrupted)
      case .stopped: throw fail(.ended(process?.exit(within: .seconds(1))))
      case .failed(let error):
        let cause = DescriptorError(action: "reading", descriptor: reader.descriptor.rawValue, cause: error)
        throw fail(.system(cause))
      }
    }
  }

  /// Ends the server in an orderly way, unless it has failed before; see ``ChildProcess/terminate(grace:)``.
  /// - Returns: how it ended, or nil when it is not ours.
  @discardableResult
  public func close(grace: Duration = .seconds(2)) -> ChildProcess.Exit? {
    Self.close([self], grace: grace)
    return process?.exit()
  }

  /// Ends several servers side by side.
  public static func close(_ connections: [ServerConnection], grace: Duration = .seconds(2)) {
    for connection in connections where !connection.isDown { connection.completeRecord(within: grace) }
    ChildProcess.terminate(connections.compactMap(\.process), grace: grace)
    // The numbers of the descriptors may soon be somebody else's.
    for connection in connections where !connection.isDown { connection.failure = connection.describe(.closed) }
  }

  /// Whether a transcript still lacks the reply to what was sent last.
  var isOwedToRecord: Bool { !isDown && recorder?.isOutstanding ?? false }

  /// Waits for the reply to close, which nobody needs but whoever replays the transcript.
  private func completeRecord(within limit: Duration) {
    guard let recorder else { return }
    guard recorder.isOutstanding else { return recorder.inputEnded() }
    phase = ConnectionPhase(name: "close", limit: limit)
    _ = try? receiveLine()
  }

  /// Passes on a line that is no reply, and has been found without waiting.
  func passOnFoundNoise() throws(ConnectionError) {
    guard case .line(let bytes) = reader.next(guardedBy: nil) else { return }
    defer { guarded.end() }
    try passOn(noise: bytes)
  }

  private func passOn(noise: UnsafeRawBufferPointer) throws(ConnectionError) {
    if noise.starts(with: Self.byteOrderMark + [UInt8(ascii: "{")]) {
      throw fail(
        .rejected(
          happening: "wrote a byte order mark (U+FEFF) in front of a reply",
          advice: "The first byte of a line is {, as protocol/SPEC.md 2.6 says: let it write UTF-8 without that mark, "
            + "such as with new UTF8Encoding(false) in .NET."),
        reply: VisibleText.excerpt(noise))
    }
    let text = String(decoding: noise, as: UTF8.self)
    if text.contains("{\"id\":") { throw fail(.noiseBeforeReply(line: VisibleText.excerpt(noise))) }
    noiseLines += 1
    if noiseLines == 1 {
      options.warn(
        "\(name) has written a line to standard output that is not a reply: \(VisibleText.excerpt(noise)); such lines "
          + "are shown here, and belong on standard error"
      )
    }
    if noiseLines <= Self.shownNoise { StandardStreams.report(text, from: name) }
    if noiseLines == Self.shownNoise {
      options.warn("\(name) has written \(noiseLines) such lines; the ones that follow are not shown")
    }
    // A server that never stops talking would never let a read block.
    guarded.begin()
    try requirePatience()
  }

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private func requirePatience() throws(ConnectionError) {
    switch guarded.verdict {
    case .timedOut: throw fail(.timedOut)
    case .interrupted: throw fail(.interrupted)
    case .none, .ended: break
    }
  }

  /// Gives up on a server that says one thing after the other, once this program has been asked to stop for a while.
  func requireNoInterruption() throws(ConnectionError) {
    if Interruption.hasWaited(WaitGuard.patienceAfterInterruption) { throw fail(.interrupted) }
  }

  /// Gives up on the server because of what it said, and kills it.
  ///
  /// - Parameters:
  ///   - happening: what it did, as the rest of a sentence that begins with its name.
  ///   - advice: a sentence that says what to do.
  ///   - reply: the line it said it in, if there is one.
  ///   - traceback: where in the server it happened, as the server tells.
  ///   - isRefusal: whether the server is all right and would refuse the same request again.
  func reject(
    _ happening: String, advice: String, reply: UnsafeRawBufferPointer?, traceback: String = "",
    isRefusal: Bool = false
  ) -> ConnectionError {
    if let failure { return failure }
    let excerpt = reply.map { VisibleText.excerpt($0) } ?? ""
    return fail(
      .rejected(happening: happening, advice: advice), reply: excerpt, traceback: traceback, isRefusal: isRefusal)
  }

  static func isWhole(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var scanner = JSONScanner(bytes, toleratesNonFinite: true)
    do throws(JSONError) { try scanner.skipValue() } catch { return false }
    return scanner.offset == bytes.count
  }

  func fail(
    _ reason: ConnectionError.Reason, partialLine: String? = nil, reply: String = "", traceback: String = "",
    isRefusal: Bool = false
  ) -> ConnectionError {
    guarded.end()
    var reason = reason
    // A terminal tells its children of Ctrl-C too: their end is no fault of theirs then.
    if case .ended = reason, Interruption.isRequested { reason = .interrupted }
    let isStopped = process?.isStopped ?? false
    let partialLine = partialLine ?? VisibleText.excerpt(reader.partialLine.drop { $0 == 0x20 })
    process?.kill()
    let error = describe(
      reason, partialLine: partialLine, reply: reply, traceback: traceback, isStopped: isStopped, isRefusal: isRefusal)
    failure = error
    return error
  }

  private func describe(
    _ reason: ConnectionError.Reason, partialLine: String = "", reply: String = "", traceback: String = "",
    isStopped: Bool = false, isRefusal: Bool = false
  ) -> ConnectionError {
    let traceback = traceback.split(separator: "\n").suffix(Self.tracebackLines)
    return ConnectionError(
      reason: reason,
      server: process.map { "\($0.commandLine) (process \($0.processIdentifier))" } ?? name,
      phase: phase,
      request: VisibleText.excerpt(UnsafeRawBufferPointer(rebasing: request[..<requestLength])).trimmedLineEnd,
      reply: reply,
      errorLines: process?.lastErrorLines() ?? [],
      traceback: traceback.map { VisibleText.excerpt($0.utf8, limit: 300) },
      partialLine: partialLine,
      hasWritten: reader.byteCount > 0,
      isStopped: isStopped,
      isRefusal: isRefusal
    )
  }
}

extension String {
  /// An excerpt shows the end of a line as the two characters `\n`.
  fileprivate var trimmedLineEnd: String { hasSuffix("\\n") ? String(dropLast(2)) : self }
}
