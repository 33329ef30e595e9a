/// An open file of this process, by its number; closing it is the owner's business.
public struct FileDescriptor: Hashable, Sendable {
  /// The number that the operating system knows it by.
  public let rawValue: Int32

  /// A descriptor that is already open under this number.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Where requests come from in a server.
  public static let standardInput = FileDescriptor(rawValue: 0)

  /// Where replies go in a server, until `StandardStreams.secureProtocolOutput()` has moved them.
  public static let standardOutput = FileDescriptor(rawValue: 1)

  /// Free text for people.
  public static let standardError = FileDescriptor(rawValue: 2)

  /// Reads what is there, waiting for at least one byte.
  ///
  /// Interruptions by signals and descriptors that somebody has made non-blocking are dealt with.
  /// - Returns: the number of bytes, from 1 to the buffer's size, or 0 at the end of input.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws(DescriptorError) -> Int {
    while true {
      let count = Platform.read(rawValue, buffer)
      if count >= 0 { return count }
      try waitOrThrow(errorNumber: count, action: "reading", forWriting: false)
    }
  }

  /// Writes all of the bytes, however many calls that takes.
  /// - Throws: `DescriptorError`, with `isBrokenPipe` when nobody reads any more.
  public func writeAll(_ bytes: UnsafeRawBufferPointer) throws(DescriptorError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Platform.write(rawValue, rest)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      } else {
        try waitOrThrow(errorNumber: count, action: "writing", forWriting: true)
      }
    }
  }

  /// Writes all of the bytes into a pipe, unless its reader stops reading for longer than the limit.
  ///
  /// - Returns: false when the limit has passed, or somebody has asked this program to stop; some of the bytes are in the
  ///   pipe then.
  public func writeAll(_ bytes: UnsafeRawBufferPointer, within limit: Duration) throws(DescriptorError) -> Bool {
    // What poll(2) promises is room for PIPE_BUF bytes, so that a blocking descriptor does not block.
    #if os(Linux)
      let piece = 4096
    #else
      let piece = 512
    #endif
    var rest = bytes
    while !rest.isEmpty {
      guard isReady(forWriting: true, within: limit) else { return false }
      try writeAll(UnsafeRawBufferPointer(rebasing: rest.prefix(piece)))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(piece))
    }
    return true
  }

  /// Writes all of a text's UTF-8.
  public func writeAll(_ text: String) throws(DescriptorError) {
    var copy = text
    let result = copy.withUTF8 { bytes -> Result<Void, DescriptorError> in
      do throws(DescriptorError) { return .success(try writeAll(UnsafeRawBufferPointer(bytes))) } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  /// Whether it can be read, or has ended, before the time is over or somebody asks this program to stop.
  public func isReadable(within limit: Duration) -> Bool { isReady(forWriting: false, within: limit) }

  private func isReady(forWriting: Bool, within limit: Duration) -> Bool {
    let limit = UInt64(max(0, min(limit / .nanoseconds(1), 1e18)))
    let start = Platform.nanoseconds()
    while true {
      let elapsed = Platform.nanoseconds() &- start
      let left = limit > elapsed ? limit - elapsed : 0
      // In slices, for a signal may come just before the system call that it should have ended.
      let milliseconds = Int32(min((left + 999_999) / 1_000_000, 100))
      if Platform.poll(rawValue, forWriting: forWriting, milliseconds: milliseconds) > 0 { return true }
      if left == 0 || Interruption.isRequested { return false }
    }
  }

  /// Whether people look at what is written to it.
  public var isTerminal: Bool { Platform.isTerminal(rawValue) }

  /// Gives the number back to the operating system; reading or writing afterwards is a mistake.
  public func close() { Platform.close(rawValue) }

  /// Asks the system to let the pipe hold up to `bytes`; best effort, Linux only.
  public func raisePipeCapacity(to bytes: Int = 1 << 20) {
    Platform.raisePipeCapacity(rawValue, to: Int32(clamping: bytes))
  }

  private func waitOrThrow(errorNumber: Int, action: String, forWriting: Bool) throws(DescriptorError) {
    let error = SystemError(number: Int32(-errorNumber))
    if error == .interrupted { return }
    guard error == .wouldBlock else { throw DescriptorError(action: action, descriptor: rawValue, cause: error) }
    _ = Platform.poll(rawValue, forWriting: forWriting, milliseconds: -1)
  }
}
