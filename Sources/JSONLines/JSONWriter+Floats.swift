extension JSONWriter.Cursor {
  /// Writes the shortest decimal of a finite value.
  @inline(__always)
  mutating func put(_ value: Float) {
    position.pointee = UInt8(ascii: "-")
    position += value.sign == .minus ? 1 : 0
    if value == 0 { return put(UInt8(ascii: "0")) }
    let shortest = ShortestFloat(value)
    // Nine digits, the first of them apart: d.dddddddd · 10^exponent.
    var significand = UInt64(shortest.significand)
    var exponent = shortest.exponent &+ 8
    if significand < 1_000_000 {
      while significand < 10_000_000 {
        significand &*= 10
        exponent &-= 1
      }
    }
    let missing = (significand < 100_000_000 ? 1 : 0) &+ (significand < 10_000_000 ? 1 : 0)
    significand &*= integerPowerOfTen(missing)
    exponent &-= missing
    let first = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: significand / 100_000_000)
    let rest = UInt64(eightDigitsOf: significand % 100_000_000)
    let digitCount = 9 &- rest.leadingZeroBitCount >> 3
    let text = rest | .repeating(UInt8(ascii: "0"))
    if exponent >= -4, exponent <= 7 {
      putPoint(first, text, digitCount: digitCount, exponent: exponent)
    } else {
      putLargeOrSmall(first, text, digitCount: digitCount, exponent: exponent)
    }
  }

  /// Writes digits with a point between them, or behind "0.", without a branch on the exponent, which is -4...7.
  @inline(__always)
  private mutating func putPoint(_ first: UInt8, _ text: UInt64, digitCount: Int, exponent: Int) {
    let isBelowOne = exponent < 0
    let whole = isBelowOne ? 0 : exponent
    let start = isBelowOne ? 1 &- exponent : 0
    store(0x3030_3030_3030_2E30, at: 0)  // "0.000000"
    position[start] = first
    store(text, at: start &+ 1)
    // The fraction once more, one place further right; below 1 it stands where it should already.
    position[whole &+ 1] = UInt8(ascii: ".")
    store(text >> UInt64(truncatingIfNeeded: whole &* 8), at: (isBelowOne ? 0 &- exponent : exponent) &+ 2)
    let length = digitCount > whole &+ 1 ? digitCount &+ 1 : whole &+ 1
    position += isBelowOne ? digitCount &+ start : length
  }

  /// Writes an integer with zeros behind its digits up to 10^16, and anything else with an exponent.
  @inline(never)
  private mutating func putLargeOrSmall(_ first: UInt8, _ text: UInt64, digitCount: Int, exponent: Int) {
    put(first)
    if exponent >= 8, exponent < 16 {
      store(text, at: 0)
      store(.repeating(UInt8(ascii: "0")), at: 8)
      position += exponent
      return
    }
    if digitCount > 1 {
      put(UInt8(ascii: "."))
      store(text, at: 0)
      position += digitCount - 1
    }
    putExponent(exponent)
  }

  /// Writes "e" and an integer.
  mutating func putExponent(_ exponent: Int) {
    put(UInt8(ascii: "e"))
    if exponent < 0 { put(UInt8(ascii: "-")) }
    put(UInt64(exponent.magnitude))
  }

  @inline(__always)
  func store(_ eightCharacters: UInt64, at offset: Int) {
    UnsafeMutableRawPointer(position + offset).storeBytes(of: eightCharacters.littleEndian, as: UInt64.self)
  }
}
