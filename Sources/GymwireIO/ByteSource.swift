/// A descriptor to read from, and how to wait for its next bytes at the least cost.
struct ByteSource {
  private let descriptor: Int32
  private let twin: Int32?
  private var budget: SpinBudget

  /// Bytes that have arrived, in all.
  private(set) var byteCount = 0
  /// Whether there is no more to come.
  private(set) var hasEnded = false
  /// Why a guarded wait was cut short.
  private(set) var verdict = WaitGuard.Verdict.none
  /// Why the system refused to read.
  private(set) var failure: SystemError?

  init(_ descriptor: FileDescriptor, spinning: Spinning) {
    self.descriptor = descriptor.rawValue
    budget = SpinBudget(spinning)
    twin = budget.isEnabled ? Platform.nonBlockingTwin(ofPipe: descriptor.rawValue) : nil
  }

  /// Gives back what the source has opened itself.
  func close() { if let twin { Platform.close(twin) } }

  /// Waits for bytes, first awake and then asleep.
  ///
  /// The guard's wait begins with the first read that may block, and is left to the caller to end.
  /// - Returns: how many bytes were written to the start of `space`; 0 after the end, a verdict or a failure.
  @inline(__always)
  mutating func receive(into space: UnsafeMutableRawBufferPointer, _ guarded: WaitGuard?) -> Int {
    let (descriptor, twin) = (descriptor, twin)
    var count = budget.wait { Self.look(descriptor, twin, space) }
    if count <= 0 { count = block(space, guarded) }
    byteCount &+= count
    return count
  }

  /// Reads what is there without waiting; not positive when that is nothing, the end or an error.
  @inline(__always)
  private static func look(_ descriptor: Int32, _ twin: Int32?, _ space: UnsafeMutableRawBufferPointer) -> Int {
    if let twin { return Platform.read(twin, space) }
    return Platform.poll(descriptor, milliseconds: 0) > 0 ? Platform.read(descriptor, space) : 0
  }

  /// Whether bytes, the end or a failure can be had without waiting.
  var isReadable: Bool { Platform.poll(descriptor, milliseconds: 0) != 0 }

  /// Takes what can be had without waiting, once ``isReadable``; returns as ``receive(into:_:)`` does.
  mutating func receiveAvailable(into space: UnsafeMutableRawBufferPointer) -> Int {
    let count = block(space, nil)
    byteCount &+= count
    return count
  }

  private mutating func block(_ space: UnsafeMutableRawBufferPointer, _ guarded: WaitGuard?) -> Int {
    guarded?.begin()
    while true {
      if let reached = guarded?.verdict, reached != .none {
        // A process that has ended may have answered first.
        guard reached == .ended, Platform.poll(descriptor, milliseconds: 0) > 0 else {
          verdict = reached
          return 0
        }
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
