import CText

extension JSONScanner {
  /// Reads a string and resolves its escapes.
  public mutating func readString() throws(JSONError) -> String {
    try expect(.string)
    return try scanString().string
  }

  /// Reads a string in place: its bytes when it has no escapes, else nil and the position stays.
  ///
  /// The bytes are UTF-8 and valid as long as the text that the scanner borrows.
  public mutating func readStringBytes() throws(JSONError) -> UnsafeRawBufferPointer? {
    try expect(.string)
    let before = position
    let token = try scanString()
    if token.hasEscapes {
      position = before
      return nil
    }
    return token.bytes
  }

  /// Reads a string in place as far as its first quote, unchecked, for a reader that refuses a backslash and whatever
  /// else cannot stand in a string without escapes.
  public mutating func readUncheckedStringBytes() throws(JSONError) -> UnsafeRawBufferPointer {
    try expect(.string)
    let content = position + 1
    guard let quote = ctext_find_byte(content, end - content, UInt8(ascii: "\"")) else {
      throw error(.unexpectedEnd, at: end)
    }
    position = quote + 1
    return UnsafeRawBufferPointer(start: content, count: quote - content)
  }

  /// Checks the string whose opening quote is at the position, and steps behind its closing quote.
  @inline(__always)
  mutating func scanString() throws(JSONError) -> StringToken {
    // Names mostly end within eight bytes.
    let content = position + 1
    if end - content >= 8 {
      let word = UnsafeRawPointer(content).loadUnaligned(as: UInt64.self).littleEndian
      let count = word.bytesThatInterruptString.trailingZeroBitCount >> 3
      if count < 8, content[count] == UInt8(ascii: "\"") {
        position = content + (count &+ 1)
        return StringToken(start: content, count: count, hasEscapes: false)
      }
    }
    return try scanLongString()
  }

  @inline(never)
  private mutating func scanLongString() throws(JSONError) -> StringToken {
    let content = position + 1
    var cursor = content
    var hasEscapes = false
    while true {
      while end - cursor >= 64, !Self.interruptsString(cursor) { cursor += 64 }
      while end - cursor >= 8 {
        let word = UnsafeRawPointer(cursor).loadUnaligned(as: UInt64.self).littleEndian
        let special = word.bytesThatInterruptString
        cursor += special.trailingZeroBitCount >> 3  // 8 when there is none
        if special != 0 { break }
      }
      guard cursor < end else { throw error(.unexpectedEnd, at: end) }
      switch cursor.pointee {
      case UInt8(ascii: "\""):
        position = cursor + 1
        return StringToken(start: content, count: cursor - content, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        cursor += try lengthOfEscape(at: cursor)
      case ..<0x20: throw error(.controlCharacter, at: cursor)
      case ..<0x80: cursor += 1
      default:
        let length = lengthOfUTF8Sequence(at: cursor, end: end)
        guard length > 0 else { throw error(.invalidUTF8, at: cursor) }
        cursor += length
      }
    }
  }

  /// Whether any of 64 bytes cannot stand unescaped in an ASCII string; a loop that the compiler vectorises.
  @inline(__always)
  private static func interruptsString(_ bytes: UnsafePointer<UInt8>) -> Bool {
    var found: UInt8 = 0
    for index in 0..<64 {
      let byte = bytes[index]
      // Bit 7 tells; comparisons would become branches.
      found |= byte | (byte &- 0x20) | ((byte ^ UInt8(ascii: "\"")) &- 1) | ((byte ^ UInt8(ascii: "\\")) &- 1)
    }
    return found >= 0x80
  }

  /// The length of a valid escape, surrogate pairs in one.
  private func lengthOfEscape(at backslash: UnsafePointer<UInt8>) throws(JSONError) -> Int {
    guard end - backslash >= 2 else { throw error(.unexpectedEnd, at: end) }
    switch backslash[1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit(at: backslash)
      if unit & 0xF800 != 0xD800 { return 6 }
      let second = backslash + 6
      guard unit < 0xDC00, end - second >= 2, second[0] == UInt8(ascii: "\\"), second[1] == UInt8(ascii: "u"),
        try codeUnit(at: second) & 0xFC00 == 0xDC00
      else { throw error(.loneSurrogate, at: backslash) }
      return 12
    default: throw error(.invalidEscape, at: backslash)
    }
  }

  private func codeUnit(at backslash: UnsafePointer<UInt8>) throws(JSONError) -> UInt32 {
    guard end - backslash >= 6 else { throw error(.unexpectedEnd, at: end) }
    let unit = hexadecimal(at: backslash + 2)
    guard unit <= 0xFFFF else { throw error(.invalidEscape, at: backslash) }
    return unit
  }
}

/// The length of the well-formed sequence (Unicode, table 3-7) that begins with a byte of 0x80 or more; 0 if malformed.
func lengthOfUTF8Sequence(at start: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) -> Int {
  let available = end - start
  func isContinuation(_ index: Int) -> Bool { start[index] & 0xC0 == 0x80 }
  switch start[0] {
  case 0xC2...0xDF:
    return available >= 2 && isContinuation(1) ? 2 : 0
  case 0xE0...0xEF:
    guard available >= 3, isContinuation(1), isContinuation(2) else { return 0 }
    // Overlong forms, and the surrogates.
    if start[0] == 0xE0, start[1] < 0xA0 { return 0 }
    if start[0] == 0xED, start[1] > 0x9F { return 0 }
    return 3
  case 0xF0...0xF4:
    guard available >= 4, isContinuation(1), isContinuation(2), isContinuation(3) else { return 0 }
    // Overlong forms, and what lies beyond U+10FFFF.
    if start[0] == 0xF0, start[1] < 0x90 { return 0 }
    if start[0] == 0xF4, start[1] > 0x8F { return 0 }
    return 4
  default: return 0
  }
}
