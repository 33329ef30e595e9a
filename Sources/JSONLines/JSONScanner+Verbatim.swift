extension JSONScanner {
  /// Steps over exactly these bytes; false, with the position unchanged, if others stand here.
  ///
  /// For texts whose one usual spelling is known. Structure that is stepped over in this way is not counted as open.
  ///
  /// It is compiled where it is called, so that a comparison with a literal becomes one of a few words.
  @inlinable
  @inline(__always)
  public mutating func skip(verbatim text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard end - position >= count else { return false }
    let found = UnsafeRawPointer(position)
    let expected = UnsafeRawPointer(text.utf8Start)
    var index = 0
    while count &- index >= 8 {
      guard
        found.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          == expected.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      else { return false }
      index &+= 8
    }
    if index < count, count >= 8 {
      // The last eight bytes; some of them have been compared.
      index = count &- 8
      guard
        found.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          == expected.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      else { return false }
      index = count
    }
    while index < count {
      guard position[index] == text.utf8Start[index] else { return false }
      index &+= 1
    }
    position += count
    return true
  }

  /// Steps over `count` bytes that stand between two texts, and returns them unread; nil, with the position unchanged,
  /// if exactly these texts do not stand there.
  @inlinable
  @inline(__always)
  public mutating func skip(
    _ count: Int, between prefix: StaticString, and suffix: StaticString
  ) -> UnsafeRawBufferPointer? {
    let start = position
    guard skip(verbatim: prefix), end - position >= count else {
      position = start
      return nil
    }
    let content = UnsafeRawBufferPointer(start: position, count: count)
    position += count
    guard skip(verbatim: suffix) else {
      position = start
      return nil
    }
    return content
  }

  /// Whether every byte has been read.
  public var isAtEnd: Bool { position == end }
}
