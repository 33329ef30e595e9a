/// Writes JSON without white space into a buffer that is used again and again.
///
/// Commas appear by themselves. Once the buffer has grown to the largest text nothing is allocated any more.
///
///     writer.beginObject()
///     writer.name("id"); writer.write(7)
///     writer.name("obs"); writer.write(floats: observation)
///     writer.endObject()
///     writer.newline()
public struct JSONWriter: ~Copyable, @unchecked Sendable {
  /// 2^53 - 1, beyond which many readers of JSON round integers (RFC 7493, section 2.2).
  public static var largestSafeInteger: UInt64 { 1 << 53 - 1 }

  /// The number of bytes written.
  public var count: Int { written }

  @usableFromInline var written = 0

  @usableFromInline var capacity: Int
  // The text begins at byte 1. Byte 0 is what went before it, so that there always is a last byte to look at.
  @usableFromInline var storage: UnsafeMutablePointer<UInt8>

  /// Makes a writer with room for `capacity` bytes; it grows by doubling.
  public init(capacity: Int = 1024) {
    self.capacity = max(64, capacity)
    storage = .allocate(capacity: self.capacity + 1)
    storage[0] = UInt8(ascii: "\n")
  }

  deinit { storage.deallocate() }

  /// What was written, valid until the next mutating call.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: storage + 1, count: count) }

  /// Forgets everything written and keeps the buffer.
  public mutating func removeAll() {
    storage[0] = UInt8(ascii: "\n")
    written = 0
  }

  /// Forgets the bytes, which their owner has sent, but not the place in the text: the next value still gets its comma.
  public mutating func removeSent() {
    storage[0] = storage[written]
    written = 0
  }

  /// Writes `{`.
  public mutating func beginObject() { putValue(UInt8(ascii: "{")) }

  /// Writes `}`.
  public mutating func endObject() { put(UInt8(ascii: "}")) }

  /// Writes `[`.
  public mutating func beginArray() { putValue(UInt8(ascii: "[")) }

  /// Writes `]`.
  public mutating func endArray() { put(UInt8(ascii: "]")) }

  /// Writes a name that needs no escapes, and its colon.
  public mutating func name(_ name: StaticString) {
    let length = name.utf8CodeUnitCount
    var target = beginValue(reserving: length + 3)
    target.put(UInt8(ascii: "\""))
    target.put(name.utf8Start, count: length)
    target.put(UInt8(ascii: "\""))
    target.put(UInt8(ascii: ":"))
    end(target)
  }

  /// Writes a name and its colon.
  ///
  /// Disfavoured, so that a literal is written by the overload that has nothing to escape.
  @_disfavoredOverload
  public mutating func name(_ name: String) {
    write(name)
    put(UInt8(ascii: ":"))
  }

  /// Writes `true` or `false`.
  public mutating func write(_ value: Bool) { writeLiteral(value ? "true" : "false") }

  /// Writes `null`.
  public mutating func writeNull() { writeLiteral("null") }

  /// Writes a value that is JSON already, as it is.
  public mutating func writeVerbatim(_ json: UnsafeRawBufferPointer) {
    guard let start = json.baseAddress?.assumingMemoryBound(to: UInt8.self), json.count > 0 else { return }
    var target = beginValue(reserving: json.count)
    target.put(start, count: json.count)
    end(target)
  }

  /// Writes a piece of a text as it is, without a comma before it.
  ///
  /// It is compiled where it is called, so that a literal becomes a few words to store.
  @inlinable
  @inline(__always)
  public mutating func put(verbatim text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    UnsafeMutableRawPointer(storage + (written &+ 1)).copyMemory(from: text.utf8Start, byteCount: length)
    written &+= length
  }

  /// Ends a line.
  public mutating func newline() { put(UInt8(ascii: "\n")) }

  private mutating func putValue(_ byte: UInt8) {
    var target = beginValue(reserving: 1)
    target.put(byte)
    end(target)
  }

  private mutating func writeLiteral(_ text: StaticString) {
    var target = beginValue(reserving: text.utf8CodeUnitCount)
    target.put(text.utf8Start, count: text.utf8CodeUnitCount)
    end(target)
  }
}

extension JSONWriter {
  /// Where the next byte goes.
  ///
  /// Whoever asks for a cursor says how much room it needs, writes no more, and gives the cursor back to `end`.
  struct Cursor {
    var position: UnsafeMutablePointer<UInt8>

    @inline(__always)
    mutating func put(_ byte: UInt8) {
      position.pointee = byte
      position += 1
    }

    @inline(__always)
    mutating func put(_ bytes: UnsafePointer<UInt8>, count: Int) {
      position.update(from: bytes, count: count)
      position += count
    }
  }

  /// Makes room for `length` bytes and a comma, and writes the comma if a value or member stands before.
  @inline(__always)
  mutating func beginValue(reserving length: Int) -> Cursor {
    reserve(length &+ 1)
    var target = Cursor(position: storage + (count &+ 1))
    switch storage[count] {
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ":"), UInt8(ascii: "\n"): break
    default: target.put(UInt8(ascii: ","))
    }
    return target
  }

  /// Makes room for `length` bytes, before which no comma is due.
  @inline(__always)
  mutating func beginPart(reserving length: Int) -> Cursor {
    reserve(length)
    return Cursor(position: storage + (count &+ 1))
  }

  /// Makes room for `length` bytes behind what a cursor has written.
  @inline(__always)
  mutating func continueValue(_ target: Cursor, reserving length: Int) -> Cursor {
    end(target)
    reserve(length)
    return Cursor(position: storage + (count &+ 1))
  }

  @inline(__always)
  mutating func end(_ target: Cursor) { written = target.position - storage - 1 }

  mutating func put(_ byte: UInt8) {
    reserve(1)
    storage[written + 1] = byte
    written += 1
  }

  @inlinable
  @inline(__always)
  mutating func reserve(_ length: Int) {
    if capacity &- written < length { grow(length) }
  }

  @usableFromInline
  @inline(never)
  mutating func grow(_ length: Int) {
    while capacity - count < length { capacity *= 2 }
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + 1)
    grown.update(from: storage, count: count + 1)
    storage.deallocate()
    storage = grown
  }
}
