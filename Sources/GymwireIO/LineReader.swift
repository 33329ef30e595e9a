import JSONLines

/// Reads lines from a descriptor, at the least cost that the machine allows.
///
/// In the steady state it allocates nothing and makes one system call for each message that is waited for: a blocking
/// read, preceded by a bounded number of looks where they pay.
public final class LineReader {
  /// What ``next()`` found.
  public enum Line {
    /// A line without its end, valid until the next call.
    case line(UnsafeRawBufferPointer)
    /// A line that was longer than the maximum; its bytes are gone, and the lines after it are not affected.
    case tooLong
  }

  enum Outcome {
    case line(UnsafeRawBufferPointer)
    /// What came after the last line's end, before the end of input.
    case unfinished(UnsafeRawBufferPointer)
    case tooLong
    case end
    case failed(SystemError)
    case stopped(WaitGuard.Verdict)
  }

  /// Where the lines come from.
  public let descriptor: FileDescriptor

  private static let chunk = 1 << 14

  // Behind pointers and not in fields: every access to a field of a class costs a check for overlapping accesses,
  // which is a tenth of all the work for a message.
  private let splitter: UnsafeMutablePointer<LineSplitter>
  private let source: UnsafeMutablePointer<ByteSource>
  /// What has been found by ``hasLine()``.
  @exclusivity(unchecked) private var found: LineSplitter.Line?

  /// Reads lines of at most `maximumLineLength` bytes from an open descriptor, which stays the caller's.
  public init(_ descriptor: FileDescriptor, maximumLineLength: Int = 67_108_864, spinning: Spinning = .automatic) {
    self.descriptor = descriptor
    splitter = .allocate(capacity: 1)
    splitter.initialize(to: LineSplitter(maximumLineLength: maximumLineLength))
    source = .allocate(capacity: 1)
    source.initialize(to: ByteSource(descriptor, spinning: spinning))
  }

  deinit {
    source.pointee.close()
    source.deinitialize(count: 1)
    source.deallocate()
    splitter.deinitialize(count: 1)
    splitter.deallocate()
  }

  /// Bytes that have arrived, in all.
  public var byteCount: Int { source.pointee.byteCount }

  /// Waits for the next line that is not blank.
  /// - Returns: nil at the end of input; a last line without an end counts.
  /// - Throws: `DescriptorError` when the system refuses to read.
  public func next() throws(DescriptorError) -> Line? {
    switch next(guardedBy: nil) {
    case .line(let bytes), .unfinished(let bytes): return .line(bytes)
    case .tooLong: return .tooLong
    case .end, .stopped: return nil
    case .failed(let error):
      throw DescriptorError(action: "reading", descriptor: descriptor.rawValue, cause: error)
    }
  }

  /// Whether ``next()`` would not have to wait.
  func hasLine() -> Bool {
    while true {
      if found == nil { found = splitter.pointee.next() }
      if found != nil || source.pointee.hasEnded { return true }
      guard source.pointee.isReadable else { return false }
      let source = source
      let count = splitter.pointee.fill(atLeast: Self.chunk) { source.pointee.receiveAvailable(into: $0) }
      if count == 0 { return true }
    }
  }

  /// The line that ``hasLine()`` has found; nil where it is too long, or there is none.
  var foundLine: UnsafeRawBufferPointer? { if case .line(let bytes)? = found { bytes } else { nil } }

  @inline(__always)
  private func takeFound() -> LineSplitter.Line? {
    guard let line = found else { return nil }
    found = nil
    return line
  }

  /// What has arrived of a line whose end has not.
  var partialLine: UnsafeRawBufferPointer { splitter.pointee.partialLine }

  /// The caller ends the guard's wait; it begins with the first read that may block.
  ///
  /// - Parameter whileArriving: called with what there is of a line each time that more of it is waited for.
  func next(
    guardedBy guarded: WaitGuard?, whileArriving: (UnsafeRawBufferPointer) -> Void = { _ in }
  ) -> Outcome {
    var hasReceived = false
    while true {
      switch takeFound() ?? splitter.pointee.next() {
      case .line(let bytes): return .line(bytes)
      case .tooLong: return .tooLong
      case nil: break
      }
      if source.pointee.hasEnded {
        guard case .line(let bytes) = splitter.pointee.finish() else { return .end }
        return .unfinished(bytes)
      }
      // Bytes that make no line, such as blank ones without end, must not put off what a silence would bring.
      if hasReceived, let guarded {
        guarded.begin()
        let verdict = guarded.verdict
        if verdict == .timedOut || verdict == .interrupted { return .stopped(verdict) }
      }
      hasReceived = true
      let partial = splitter.pointee.partialLine
      if !partial.isEmpty { whileArriving(partial) }
      let source = source
      let count = splitter.pointee.fill(atLeast: Self.chunk) { source.pointee.receive(into: $0, guarded) }
      if count == 0 {
        if let failure = source.pointee.failure { return .failed(failure) }
        if source.pointee.verdict != .none { return .stopped(source.pointee.verdict) }
      }
    }
  }
}
