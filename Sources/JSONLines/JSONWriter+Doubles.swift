extension JSONWriter.Cursor {
  /// Writes the shortest decimal of a finite value.
  @inline(__always)
  mutating func put(_ value: Double) {
    position.pointee = UInt8(ascii: "-")
    position += value.sign == .minus ? 1 : 0
    let integer = value.magnitude < 0x1p53 ? UInt64(value.magnitude) : 0
    if Double(integer) == value.magnitude { put(integer) } else { putFraction(value.magnitude) }
  }

  /// Writes a value that is no small integer.
  @inline(never)
  private mutating func putFraction(_ value: Double) {
    let shortest = ShortestDouble(value)
    // 17 digits in three parts, 1 + 8 + 8: d.dddddddddddddddd · 10^exponent.
    var significand = shortest.significand
    var exponent = shortest.exponent &+ 16
    while significand < 10_000_000_000_000_000 {
      significand &*= 10
      exponent &-= 1
    }
    let leading = significand / 100_000_000
    let first = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: leading / 100_000_000)
    let upper = UInt64(eightDigitsOf: leading % 100_000_000)
    let lower = UInt64(eightDigitsOf: significand % 100_000_000)
    let digitCount = lower == 0 ? 9 &- upper.leadingZeroBitCount >> 3 : 17 &- lower.leadingZeroBitCount >> 3
    let texts = (upper | .repeating(UInt8(ascii: "0")), lower | .repeating(UInt8(ascii: "0")))
    switch exponent {
    case -4 ... -1:
      // The digits behind "0.", "0.0", ...
      store(0x3030_3030_3030_2E30, at: 0)
      put(first, texts, at: 1 &- exponent)
      position += digitCount &+ 1 &- exponent
    case 0...15:
      // The digits twice, the second time further right, where the fraction is taken from to stand behind the point.
      put(first, texts, at: 0)
      put(first, texts, at: 32)
      let fraction = UnsafeRawPointer(position + 32 + exponent + 1).loadUnaligned(as: (UInt64, UInt64).self)
      position[exponent &+ 1] = UInt8(ascii: ".")
      store(UInt64(littleEndian: fraction.0), at: exponent &+ 2)
      store(UInt64(littleEndian: fraction.1), at: exponent &+ 10)
      position += digitCount > exponent &+ 1 ? digitCount &+ 1 : exponent &+ 1
    default:
      put(first, texts, at: 1)
      position[0] = first
      position[1] = UInt8(ascii: ".")
      position += digitCount > 1 ? digitCount &+ 1 : 1
      putExponent(exponent)
    }
  }

  @inline(__always)
  private func put(_ first: UInt8, _ texts: (UInt64, UInt64), at offset: Int) {
    position[offset] = first
    store(texts.0, at: offset &+ 1)
    store(texts.1, at: offset &+ 9)
  }
}
