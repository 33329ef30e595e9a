import JSONLines

/// The stream of bytes behind a ``LineReader``, and how to wait for more of it.
struct LineInput: ~Copyable {
  enum Outcome {
    case line(UnsafeRawBufferPointer)
    /// What came after the last line's end, before the end of input.
    case unfinished(UnsafeRawBufferPointer)
    case tooLong
    case end
    case failed(SystemError)
    case stopped(WaitGuard.Verdict)
  }

  private static let chunk = 1 << 14

  private var splitter: LineSplitter
  private var source: Source
  private(set) var byteCount = 0

  init(_ descriptor: FileDescriptor, maximumLineLength: Int, spinning: Spinning) {
    splitter = LineSplitter(maximumLineLength: maximumLineLength)
    let budget = SpinBudget(spinning)
    let twin = budget.isEnabled ? Platform.nonBlockingTwin(ofPipe: descriptor.rawValue) : nil
    source = Source(descriptor: descriptor.rawValue, twin: twin, budget: budget)
  }

  deinit { if let twin = source.twin { Platform.close(twin) } }

  var partialLine: UnsafeRawBufferPointer { splitter.partialLine }

  mutating func next(guardedBy guarded: WaitGuard?) -> Outcome {
    while true {
      switch splitter.next() {
      case .line(let bytes): return .line(bytes)
      case .tooLong: return .tooLong
      case nil: break
      }
      if source.hasEnded {
        guard case .line(let bytes) = splitter.finish() else { return .end }
        return .unfinished(bytes)
      }
      // The splitter is being changed while the closure runs, so the closure works on a copy of its neighbour.
      var source = source
      byteCount += splitter.fill(atLeast: Self.chunk) { space in source.receive(into: space, guarded) }
      self.source = source
      if let failure = source.failure { return .failed(failure) }
      if source.verdict != .none { return .stopped(source.verdict) }
    }
  }

  private struct Source {
    let descriptor: Int32
    let twin: Int32?
    var budget: SpinBudget
    var hasEnded = false
    var verdict = WaitGuard.Verdict.none
    var failure: SystemError?

    mutating func receive(into space: UnsafeMutableRawBufferPointer, _ guarded: WaitGuard?) -> Int {
      var count = 0
      if budget.begin() { count = spin(space) }
      if count == 0 { count = block(space, guarded) }
      budget.end()
      return count
    }

    private func spin(_ space: UnsafeMutableRawBufferPointer) -> Int {
      for _ in 0..<SpinBudget.attempts {
        let count = look(space)
        if count > 0 { return count }
      }
      return 0
    }

    /// Reads what is there without waiting; not positive when that is nothing, the end or an error.
    @inline(__always)
    private func look(_ space: UnsafeMutableRawBufferPointer) -> Int {
      if let twin { return Platform.read(twin, space) }
      return Platform.poll(descriptor, milliseconds: 0) > 0 ? Platform.read(descriptor, space) : 0
    }

    private mutating func block(_ space: UnsafeMutableRawBufferPointer, _ guarded: WaitGuard?) -> Int {
      guarded?.begin()
      while true {
        if let guarded, guarded.verdict != .none {
          verdict = guarded.verdict
          return 0
        }
        let count = Platform.read(descriptor, space)
        if count > 0 { return count }
        if count == 0 {
          hasEnded = true
          return 0
        }
        switch SystemError(number: Int32(-count)) {
        case .interrupted: continue
        case .wouldBlock: _ = Platform.poll(descriptor, milliseconds: -1)
        case let error:
          failure = error
          return 0
        }
      }
    }
  }
}
