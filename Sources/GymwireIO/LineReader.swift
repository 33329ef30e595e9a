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

  /// Where the lines come from.
  public let descriptor: FileDescriptor

  // A value behind one field: its own fields are then free of the checks that a class's fields cost at every access.
  private var input: LineInput

  /// Reads lines of at most `maximumLineLength` bytes from an open descriptor, which stays the caller's.
  public init(_ descriptor: FileDescriptor, maximumLineLength: Int = 67_108_864, spinning: Spinning = .automatic) {
    self.descriptor = descriptor
    input = LineInput(descriptor, maximumLineLength: maximumLineLength, spinning: spinning)
  }

  /// Bytes that have arrived, in all.
  public var byteCount: Int { input.byteCount }

  /// Waits for the next line that is not blank.
  /// - Returns: nil at the end of input; a last line without an end counts.
  /// - Throws: `DescriptorError` when the system refuses to read.
  public func next() throws(DescriptorError) -> Line? {
    switch input.next(guardedBy: nil) {
    case .line(let bytes), .unfinished(let bytes): return .line(bytes)
    case .tooLong: return .tooLong
    case .end, .stopped: return nil
    case .failed(let error):
      throw DescriptorError(action: "reading", descriptor: descriptor.rawValue, cause: error)
    }
  }

  /// What has arrived of a line whose end has not.
  var partialLine: UnsafeRawBufferPointer { input.partialLine }

  /// The caller ends the guard's wait; it begins with the first read that may block.
  func next(guardedBy guarded: WaitGuard?) -> LineInput.Outcome { input.next(guardedBy: guarded) }
}
