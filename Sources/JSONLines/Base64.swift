/// Base64 with the standard alphabet, padded, without white space (RFC 4648, section 4).
public enum Base64 {
  /// The number of characters that code `count` bytes.
  public static func encodedCount(of count: Int) -> Int { (count + 2) / 3 * 4 }

  /// Writes bytes as a JSON string.
  public static func encode(_ bytes: UnsafeRawBufferPointer, into writer: inout JSONWriter) {
    var target = writer.beginValue(reserving: encodedCount(of: bytes.count) + 2)
    target.put(UInt8(ascii: "\""))
    let alphabet = alphabet.utf8Start
    var index = 0
    while index + 3 <= bytes.count {
      let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      target.put(alphabet[Int(group >> 18)])
      target.put(alphabet[Int(group >> 12 & 63)])
      target.put(alphabet[Int(group >> 6 & 63)])
      target.put(alphabet[Int(group & 63)])
      index += 3
    }
    if index < bytes.count {
      let hasTwo = index + 1 < bytes.count
      let group = UInt32(bytes[index]) << 16 | (hasTwo ? UInt32(bytes[index + 1]) << 8 : 0)
      target.put(alphabet[Int(group >> 18)])
      target.put(alphabet[Int(group >> 12 & 63)])
      target.put(hasTwo ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "="))
      target.put(UInt8(ascii: "="))
    }
    target.put(UInt8(ascii: "\""))
    writer.end(target)
  }

  /// Decodes characters into exactly as many bytes as `target` has.
  ///
  /// Canonical only: the bits that the last character has to spare must be zero, so a value has one spelling.
  /// What `target` holds after an error is unspecified.
  public static func decode(
    _ text: UnsafeRawBufferPointer,
    into target: UnsafeMutableRawBufferPointer
  ) throws(Base64Error) {
    let expected = encodedCount(of: target.count)
    guard text.count == expected else { throw .wrongLength(expected: expected, found: text.count) }
    let values = values.utf8Start
    var source = 0
    var written = 0
    var invalid: UInt8 = 0
    @inline(__always)
    func sextet(_ index: Int) -> UInt32 {
      let byte = text[index]
      let value = values[Int(byte & 0x7F)] | (byte & 0x80)
      invalid |= value
      return UInt32(value & 63)
    }
    while written + 3 <= target.count {
      let group = sextet(source) << 18 | sextet(source + 1) << 12 | sextet(source + 2) << 6 | sextet(source + 3)
      target[written] = UInt8(truncatingIfNeeded: group >> 16)
      target[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
      target[written + 2] = UInt8(truncatingIfNeeded: group)
      source += 4
      written += 3
    }
    var spare: UInt32 = 0
    var isPadded = true
    switch target.count - written {
    case 1:
      let group = sextet(source) << 6 | sextet(source + 1)
      target[written] = UInt8(truncatingIfNeeded: group >> 4)
      spare = group & 0x0F
      isPadded = text[source + 2] == UInt8(ascii: "=") && text[source + 3] == UInt8(ascii: "=")
    case 2:
      let group = sextet(source) << 12 | sextet(source + 1) << 6 | sextet(source + 2)
      target[written] = UInt8(truncatingIfNeeded: group >> 10)
      target[written + 1] = UInt8(truncatingIfNeeded: group >> 2)
      spare = group & 0x03
      isPadded = text[source + 3] == UInt8(ascii: "=")
    default: break
    }
    guard invalid < 64 else { throw .invalidCharacter(offset: firstInvalid(in: text)) }
    guard isPadded else { throw .missingPadding }
    guard spare == 0 else { throw .spareBitsSet }
  }

  private static func firstInvalid(in text: UnsafeRawBufferPointer) -> Int {
    text.firstIndex { $0 >= 0x80 || values.utf8Start[Int($0)] >= 64 } ?? text.count
  }

  private static var alphabet: StaticString { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" }

  /// The value of each ASCII character, or 0x40 ("@") for one outside the alphabet.
  ///
  /// A literal of characters, because a string literal is read-only data and needs no initialisation check.
  private static var values: StaticString {
    """
    @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@>@@@?456789:;<=@@@@@@\
    @\u{00}\u{01}\u{02}\u{03}\u{04}\u{05}\u{06}\u{07}\u{08}\u{09}\u{0A}\u{0B}\u{0C}\u{0D}\u{0E}\u{0F}\u{10}\u{11}\
    \u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}@@@@@@\
    \u{1A}\u{1B}\u{1C}\u{1D}\u{1E}\u{1F} !"#$%&'()*+,-./0123@@@@@
    """
  }
}

/// Why a base64 text was refused.
public enum Base64Error: Error, Equatable, Sendable, CustomStringConvertible {
  /// The text codes another number of bytes than its reader needs.
  case wrongLength(expected: Int, found: Int)
  case invalidCharacter(offset: Int)
  case missingPadding
  case spareBitsSet

  /// The error as a sentence.
  public var description: String {
    switch self {
    case .wrongLength(let expected, let found):
      "Expected \(expected) base64 characters, padding included, found \(found)."
    case .invalidCharacter(let offset): "Character \(offset) is not in the base64 alphabet."
    case .missingPadding: "The base64 text must end in '=' to fill its last group of four."
    case .spareBitsSet: "The last base64 character has bits set that belong to no byte."
    }
  }
}
