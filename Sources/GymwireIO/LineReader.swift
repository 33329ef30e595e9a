import JSONLines

/// Reads lines from a descriptor, at the least cost that the machine allows.
///
/// In the steady state it allocates nothing and makes one system call for each message that is waited for: a blocking
/// read, preceded by a bounded number of looks where that has paid before.
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

  private var splitter: LineSplitter
  private var budget: SpinBudget
  private let twin: Int32?
  private var hasEnded = false

  /// Bytes that have arrived, in all.
  public private(set) var byteCount = 0

  /// Reads lines of at most `maximumLineLength` bytes from an open descriptor, which stays the caller's.
  public init(_ descriptor: FileDescriptor, maximumLineLength: Int = 67_108_864, spinning: Spinning = .automatic) {
    self.descriptor = descriptor
    splitter = LineSplitter(maximumLineLength: maximumLineLength)
    budget = SpinBudget(spinning)
    twin = spinning.isEnabled ? Platform.nonBlockingTwin(ofPipe: descriptor.rawValue) : nil
  }

  deinit { if let twin { Platform.close(twin) } }

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

  /// What has arrived of a line whose end has not.
  var partialLine: UnsafeRawBufferPointer { splitter.partialLine }

  /// The caller ends the guard's wait; it begins with the first read that may block.
  func next(guardedBy guarded: WaitGuard?) -> Outcome {
    while true {
      switch splitter.next() {
      case .line(let bytes): return .line(bytes)
      case .tooLong: return .tooLong
      case nil: break
      }
      if hasEnded {
        guard case .line(let bytes) = splitter.finish() else { return .end }
        return .unfinished(bytes)
      }
      var stop: Outcome?
      byteCount += splitter.fill(atLeast: Self.chunk) { space in receive(into: space, guarded, &stop) }
      if let stop { return stop }
    }
  }

  private func receive(
    into space: UnsafeMutableRawBufferPointer,
    _ guarded: WaitGuard?,
    _ stop: inout Outcome?
  ) -> Int {
    if budget.shouldSpin() {
      for _ in 0..<SpinBudget.attempts {
        let count = look(space)
        guard count > 0 else { continue }
        budget.record(success: true)
        return count
      }
      budget.record(success: false)
    }
    guarded?.begin()
    while true {
      if let verdict = guarded?.verdict, verdict != .none {
        stop = .stopped(verdict)
        return 0
      }
      let count = Platform.read(descriptor.rawValue, space)
      if count > 0 { return count }
      if count == 0 {
        hasEnded = true
        return 0
      }
      switch SystemError(number: Int32(-count)) {
      case .interrupted: continue
      case .wouldBlock: _ = Platform.poll(descriptor.rawValue, milliseconds: -1)
      case let error:
        stop = .failed(error)
        return 0
      }
    }
  }

  /// Reads what is there without waiting; not positive when that is nothing.
  @inline(__always)
  private func look(_ space: UnsafeMutableRawBufferPointer) -> Int {
    if let twin { return Platform.read(twin, space) }
    return Platform.poll(descriptor.rawValue, milliseconds: 0) > 0 ? Platform.read(descriptor.rawValue, space) : 0
  }
}
