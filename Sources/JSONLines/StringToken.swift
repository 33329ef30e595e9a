/// The bytes between the quotes of a string that has been checked.
@usableFromInline
struct StringToken {
  @usableFromInline let start: UnsafePointer<UInt8>
  @usableFromInline let count: Int
  @usableFromInline let hasEscapes: Bool

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  var string: String {
    if !hasEscapes { return String(decoding: bytes, as: UTF8.self) }
    // An escape is never shorter than what it stands for.
    return String(unsafeUninitializedCapacity: count) { unescape(into: $0) }
  }

  /// Resolves the escapes of a checked string; `target` has room for `count` bytes.
  private func unescape(into target: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var source = start
    let end = start + count
    var written = 0
    func put(_ byte: UInt8) {
      target[written] = byte
      written += 1
    }
    while source < end {
      let byte = source.pointee
      source += 1
      guard byte == UInt8(ascii: "\\") else {
        put(byte)
        continue
      }
      let letter = source.pointee
      source += 1
      switch letter {
      case UInt8(ascii: "b"): put(0x08)
      case UInt8(ascii: "f"): put(0x0C)
      case UInt8(ascii: "n"): put(0x0A)
      case UInt8(ascii: "r"): put(0x0D)
      case UInt8(ascii: "t"): put(0x09)
      case UInt8(ascii: "u"):
        var scalar = hexadecimal(at: source)
        source += 4
        if scalar & 0xFC00 == 0xD800 {
          scalar = 0x10000 + (scalar & 0x3FF) << 10 + (hexadecimal(at: source + 2) & 0x3FF)
          source += 6
        }
        putScalar(scalar, put)
      default: put(letter)
      }
    }
    return written
  }

  private func putScalar(_ scalar: UInt32, _ put: (UInt8) -> Void) {
    let continuation = { (shift: UInt32) in UInt8(0x80 | scalar >> shift & 0x3F) }
    switch scalar {
    case ..<0x80: put(UInt8(scalar))
    case ..<0x800:
      put(UInt8(0xC0 | scalar >> 6))
      put(continuation(0))
    case ..<0x10000:
      put(UInt8(0xE0 | scalar >> 12))
      put(continuation(6))
      put(continuation(0))
    default:
      put(UInt8(0xF0 | scalar >> 18))
      put(continuation(12))
      put(continuation(6))
      put(continuation(0))
    }
  }
}

/// The value of four hexadecimal digits; anything else is above 0xFFFF.
func hexadecimal(at digits: UnsafePointer<UInt8>) -> UInt32 {
  var value: UInt32 = 0
  for index in 0..<4 {
    let byte = digits[index]
    let lower = byte | 0x20
    if byte.isDigit {
      value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
    } else if lower >= UInt8(ascii: "a"), lower <= UInt8(ascii: "f") {
      value = value << 4 | UInt32(lower - UInt8(ascii: "a") + 10)
    } else {
      return .max
    }
  }
  return value
}
