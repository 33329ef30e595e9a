import Gymwire

/// What every server does, whatever its role: reads requests, answers them, and exits.
enum Serving {
  /// Serves over standard input and output, then exits with the status that `serve` returns.
  static func runAndExit(
    _ name: String, serve: (FileDescriptor, FileDescriptor) throws(DescriptorError) -> Int32
  ) -> Never {
    Platform.exit(run(name, serve: serve))
  }

  /// Serves over standard input and output, and returns the exit status, which is that of `serve` if nothing fails.
  static func run(
    _ name: String, serve: (FileDescriptor, FileDescriptor) throws(DescriptorError) -> Int32
  ) -> Int32 {
    StandardStreams.ignoreBrokenPipes()
    do throws(DescriptorError) {
      return try serve(.standardInput, StandardStreams.secureProtocolOutput())
    } catch {
      // A driver that is gone needs no answer; that is an end of input like any other.
      if !error.isBrokenPipe { StandardStreams.report("\(name): \(error)") }
      return error.isBrokenPipe ? 0 : 1
    }
  }

  /// Answers the requests that come from one descriptor on another, and returns the exit status.
  ///
  /// - Parameters:
  ///   - spinning: whether to look several times for a request before sleeping.
  ///   - stopsWhenInterrupted: takes a signal that asks this program to stop for the end of input, but for the status,
  ///     which is then that of ``Interruption/exitStatus``.
  ///   - recorder: writes the conversation down.
  ///   - answerEarly: may answer a line by itself, before the conversation is asked, and tells whether it has.
  static func converse(
    _ conversation: ServerConversation,
    reading: FileDescriptor,
    writing: FileDescriptor,
    spinning: Spinning = .automatic,
    stopsWhenInterrupted: Bool = false,
    recorder: TranscriptRecorder? = nil,
    answerEarly: (UnsafeRawBufferPointer) throws(DescriptorError) -> Bool = { _ in false }
  ) throws(DescriptorError) -> Int32 {
    reading.raisePipeCapacity()
    writing.raisePipeCapacity()
    let reader = LineReader(reading, spinning: spinning)
    let guarded = stopsWhenInterrupted ? WaitGuard(patience: 0) : nil
    if let guarded { ProcessMonitor.shared.add(guarded) }
    defer { if let guarded { ProcessMonitor.shared.remove(guarded) } }
    func answer(_ line: UnsafeRawBufferPointer) throws(DescriptorError) {
      if let recorder { recorder.sent(line: line) }
      let reply = conversation.answer(line)
      if let recorder { recorder.received(UnsafeRawBufferPointer(rebasing: reply.dropLast())) }
      try writing.writeAll(reply)
    }
    while !conversation.isClosed {
      // A driver that goes on asking never lets the guard see a long wait.
      if stopsWhenInterrupted, Interruption.isRequested { break }
      let line = reader.next(guardedBy: guarded)
      guarded?.end()
      switch line {
      case .line(let line): if try !answerEarly(line) { try answer(line) }
      case .tooLong: try writing.writeAll(conversation.answerTooLong(limit: ProtocolConstants.defaultMaximumLine))
      case .unfinished(let line):
        // A request that was cut off by the end of input is the end of input (protocol/SPEC.md 2.5).
        if ServerConnection.isWhole(line) { try answer(line) }
      case .end:
        recorder?.inputEnded()
        return 0
      case .stopped: continue
      case .failed(let cause):
        throw DescriptorError(action: "reading", descriptor: reading.rawValue, cause: cause)
      }
    }
    // What failed after a request to stop, failed because of it.
    guard !conversation.isClosed || (conversation.hasFailed && stopsWhenInterrupted && Interruption.isRequested) else {
      return conversation.hasFailed ? 1 : 0
    }
    recorder?.inputEnded()
    return Interruption.exitStatus
  }
}
