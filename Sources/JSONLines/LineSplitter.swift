import CText

/// Cuts a stream of bytes into lines, however the stream was cut into chunks.
///
/// Lines end at byte 0x0A and nowhere else: U+0085, U+2028 and U+2029 are legal inside a JSON string. One trailing
/// `\r` is dropped, blank lines are skipped. The splitter does no I/O; its owner reads straight into the free space
/// that ``fill(atLeast:_:)`` hands out. Each byte is scanned once, and once the buffer has grown to the longest line
/// nothing is allocated any more.
public struct LineSplitter: ~Copyable, @unchecked Sendable {
  /// What ``next()`` found.
  public enum Line {
    /// A line without its end, valid until the next mutating call on the splitter.
    case line(UnsafeRawBufferPointer)
    /// A line of more than the maximum length; its bytes are gone, and the lines after it are not affected.
    case tooLong
  }

  /// The most bytes a line may have, its `\n` not counted.
  public let maximumLineLength: Int

  @usableFromInline var storage: UnsafeMutableRawBufferPointer
  // Invariant: 0 <= lineStart <= scanned <= filled <= storage.count; no "\n" in lineStart..<scanned.
  @usableFromInline var lineStart = 0
  @usableFromInline var scanned = 0
  @usableFromInline var filled = 0
  private var isDiscarding = false

  /// Makes an empty splitter whose buffer starts small and doubles as lines need it.
  ///
  /// - Parameter maximumLineLength: the most bytes a line may have, its `\n` not counted; at least 1.
  public init(maximumLineLength: Int = 67_108_864) {
    self.maximumLineLength = max(1, maximumLineLength)
    storage = .allocate(byteCount: 4096, alignment: 16)
  }

  deinit { storage.deallocate() }

  /// The bytes the splitter has room for before it must allocate again.
  public var capacity: Int { storage.count }

  /// The bytes received after the last line returned; for diagnostics, valid until the next mutating call.
  public var partialLine: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: storage[lineStart..<filled])
  }

  /// Lets `body` write the next bytes of the stream straight into the buffer.
  ///
  /// - Parameters:
  ///   - count: the least free space to offer, in bytes; more is offered when there is more.
  ///   - body: writes from the start of the space it is given and returns how many bytes it wrote.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` threw; nothing is added then.
  ///
  /// It is compiled where it is called, together with its body, which mostly waits for a message.
  @inlinable
  @inline(__always)
  public mutating func fill<E>(
    atLeast count: Int,
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) -> Int {
    makeRoom(for: max(1, count))
    let space = UnsafeMutableRawBufferPointer(rebasing: storage[filled...])
    let written = try body(space)
    precondition(written >= 0 && written <= space.count, "fill's body must return the number of bytes it wrote")
    filled += written
    return written
  }

  /// Adds the next bytes of the stream, cut anywhere.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    var bytes = bytes
    if isDiscarding {
      // Bytes of a line that is being skipped are not stored, only looked at.
      guard let newline = bytes.firstNewline(from: 0) else { return }
      bytes = UnsafeRawBufferPointer(rebasing: bytes[newline...])
    }
    guard bytes.count > 0 else { return }
    makeRoom(for: bytes.count)
    UnsafeMutableRawBufferPointer(rebasing: storage[filled...]).copyMemory(from: bytes)
    filled += bytes.count
  }

  /// The next complete line, or nil when more bytes are needed.
  ///
  /// A line that is already known to be too long is reported at once, before its end has arrived, and only once.
  public mutating func next() -> Line? {
    // What was looked at before has no line end, and was judged then.
    if scanned == filled { return nil }
    let received = UnsafeRawBufferPointer(rebasing: storage[..<filled])
    while let newline = received.firstNewline(from: scanned) {
      let line = UnsafeRawBufferPointer(rebasing: received[lineStart..<newline])
      lineStart = newline + 1
      scanned = lineStart
      if isDiscarding {
        isDiscarding = false
      } else if line.count > maximumLineLength {
        return .tooLong
      } else if let content = line.withoutLineEnd {
        return .line(content)
      }
    }
    scanned = filled
    if isDiscarding {
      lineStart = filled
    } else if filled - lineStart > maximumLineLength {
      isDiscarding = true
      lineStart = filled
      return .tooLong
    }
    return nil
  }

  /// Takes what is left at the end of the stream: the last line when it came without `\n`.
  ///
  /// Call it once ``next()`` has returned nil; the splitter is empty afterwards.
  public mutating func finish() -> Line? {
    let rest = isDiscarding ? nil : partialLine.withoutLineEnd
    lineStart = 0
    scanned = 0
    filled = 0
    isDiscarding = false
    return rest.map { .line($0) }
  }

  @inlinable
  @inline(__always)
  mutating func makeRoom(for count: Int) {
    if lineStart == filled {
      lineStart = 0
      scanned = 0
      filled = 0
    }
    if storage.count - filled < count { moveOrGrow(for: count) }
  }

  @usableFromInline
  @inline(never)
  mutating func moveOrGrow(for count: Int) {
    let kept = UnsafeRawBufferPointer(rebasing: storage[lineStart..<filled])
    if storage.count - kept.count >= count, kept.count <= storage.count / 2 {
      storage.copyMemory(from: kept)
    } else {
      var size = storage.count
      while size - kept.count < count { size *= 2 }
      // Moving more than half a buffer for every chunk would look at the same bytes again and again.
      if size == storage.count { size *= 2 }
      let grown = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
      grown.copyMemory(from: kept)
      storage.deallocate()
      storage = grown
    }
    scanned -= lineStart
    filled -= lineStart
    lineStart = 0
  }
}

extension UnsafeRawBufferPointer {
  /// The line without one trailing `\r`, or nil for a blank one: of spaces and tabs alone (protocol/SPEC.md 2.3, 2.4).
  fileprivate var withoutLineEnd: UnsafeRawBufferPointer? {
    let line = last == 0x0D ? UnsafeRawBufferPointer(rebasing: dropLast()) : self
    guard let first = line.first else { return nil }
    if first <= UInt8(ascii: " "), line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { return nil }
    return line
  }

  /// The index of the first `\n` at or after `start`.
  fileprivate func firstNewline(from start: Int) -> Int? {
    guard let base = baseAddress?.assumingMemoryBound(to: UInt8.self), start < count else { return nil }
    return ctext_find_byte(base + start, count - start, UInt8(ascii: "\n")).map { $0 - base }
  }
}
