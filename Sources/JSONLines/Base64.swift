import CText

/// Base64 with the standard alphabet, padded, without white space (RFC 4648, section 4).
public enum Base64 {
  /// The number of characters that code `count` bytes.
  public static func encodedCount(of count: Int) -> Int { (count + 2) / 3 * 4 }

  /// Writes bytes as a JSON string.
  public static func encode(_ bytes: UnsafeRawBufferPointer, into writer: inout JSONWriter) {
    var target = writer.beginValue(reserving: encodedCount(of: bytes.count) + 66)
    target.put(UInt8(ascii: "\""))
    if let start = bytes.baseAddress { target.putBase64(start, count: bytes.count, Base64Tables.shared) }
    target.put(UInt8(ascii: "\""))
    writer.end(target)
  }

  /// Writes bytes, a multiple of three of them, as characters inside a string that the caller opens and closes.
  public static func encodePiece(_ bytes: UnsafeRawBufferPointer, into writer: inout JSONWriter) {
    var target = writer.beginPart(reserving: encodedCount(of: bytes.count) + 64)
    if let start = bytes.baseAddress { target.putBase64(start, count: bytes.count, Base64Tables.shared) }
    writer.end(target)
  }

  /// Decodes characters into exactly as many bytes as `target` has.
  ///
  /// Canonical only: the bits that the last character has to spare must be zero, so a value has one spelling.
  /// What `target` holds after an error is unspecified.
  public static func decode(
    _ text: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer
  ) throws(Base64Error) {
    let expected = encodedCount(of: target.count)
    guard text.count == expected else { throw .wrongLength(expected: expected, found: text.count) }
    guard let source = text.baseAddress, let destination = target.baseAddress else { return }
    let tables = Base64Tables.shared
    let characters = source.assumingMemoryBound(to: UInt8.self)
    let bytes = destination.assumingMemoryBound(to: UInt8.self)
    // Tables are not worth loading for a few characters.
    var read = text.count >= 64 ? ctext_decode_base64(characters, text.count, bytes, target.count, CTEXT_BEST) : 0
    var written = read / 4 * 3
    var groups: UInt32 = 0  // all of them in one, to look for the mark of an invalid character once
    while target.count &- written >= 8 {
      let word = source.loadUnaligned(fromByteOffset: read, as: UInt64.self).littleEndian
      let first = tables.group(UInt32(truncatingIfNeeded: word))
      let second = tables.group(UInt32(truncatingIfNeeded: word >> 32))
      groups |= first | second
      // Six bytes and two that the next step writes over.
      let bytes = UInt64(first) | UInt64(second) << 24
      destination.storeBytes(of: bytes.littleEndian, toByteOffset: written, as: UInt64.self)
      read &+= 8
      written &+= 6
    }
    while written < target.count {
      var word = source.loadUnaligned(fromByteOffset: read, as: UInt32.self).littleEndian
      let count = min(3, target.count - written)
      if count < 3 {
        // The padding, read as "A", adds nothing to the bytes.
        let padding: UInt32 = count == 1 ? 0x3D3D_0000 : 0x3D00_0000
        let mask: UInt32 = count == 1 ? 0xFFFF_0000 : 0xFF00_0000
        guard word & mask == padding else { throw .missingPadding }
        word = word & ~mask | 0x4141_4141 & mask
      }
      let group = tables.group(word)
      groups |= group
      for index in 0..<count { target[written + index] = UInt8(truncatingIfNeeded: group >> UInt32(8 * index)) }
      guard group & Base64Tables.invalid != 0 || (group & 0xFF_FFFF) >> UInt32(8 * count) == 0 else {
        throw .spareBitsSet
      }
      read += 4
      written += count
    }
    guard groups & Base64Tables.invalid == 0 else {
      throw .invalidCharacter(offset: text.firstIndex { !tables.isInAlphabet($0) } ?? text.count)
    }
  }
}

extension JSONWriter.Cursor {
  /// Writes the characters of `count` bytes.
  fileprivate mutating func putBase64(_ bytes: UnsafeRawPointer, count: Int, _ tables: Base64Tables) {
    let start = bytes.assumingMemoryBound(to: UInt8.self)
    var read = count >= 48 ? ctext_encode_base64(start, count, position, CTEXT_BEST) : 0
    position += read / 3 * 4
    while count &- read >= 8 {
      // Six of the eight bytes, twelve bits at a time.
      let word = bytes.loadUnaligned(fromByteOffset: read, as: UInt64.self).bigEndian
      let text =
        tables.characters(word >> 52) | tables.characters(word >> 40) << 16 | tables.characters(word >> 28) << 32
        | tables.characters(word >> 16) << 48
      UnsafeMutableRawPointer(position).storeBytes(of: text.littleEndian, as: UInt64.self)
      position += 8
      read &+= 6
    }
    while read < count {
      let left = min(3, count - read)
      var group: UInt64 = 0
      for index in 0..<3 {
        group = group << 8 | (index < left ? UInt64(bytes.load(fromByteOffset: read + index, as: UInt8.self)) : 0)
      }
      let text = tables.characters(group >> 12) | tables.characters(group) << 16
      for index in 0..<4 {
        put(index <= left ? UInt8(truncatingIfNeeded: text >> UInt64(8 * index)) : UInt8(ascii: "="))
      }
      read += left
    }
  }
}
