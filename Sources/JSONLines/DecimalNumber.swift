/// A JSON number taken apart: ±significand · 10^exponent.
struct DecimalNumber {
  /// The characters of the number, sign included.
  let first: UnsafePointer<UInt8>
  let last: UnsafePointer<UInt8>
  let isNegative: Bool
  /// All digits as one integer, if `isExact`; meaningless otherwise.
  let significand: UInt64
  let exponent: Int
  /// Digits before the exponent, leading zeros included.
  let digitCount: Int
  /// Set only for the bare words that a tolerant scanner takes for numbers.
  let nonFinite: Double?

  /// Whether `significand` and `exponent` hold the number exactly: 19 digits always fit in 64 bits.
  var isExact: Bool { digitCount <= 19 || digitCount - leadingZeroCount <= 19 }

  private var leadingZeroCount: Int {
    var cursor = isNegative ? first + 1 : first
    var count = 0
    while cursor < last, cursor.pointee == UInt8(ascii: "0") || cursor.pointee == UInt8(ascii: ".") {
      if cursor.pointee == UInt8(ascii: "0") { count += 1 }
      cursor += 1
    }
    return count
  }
}

extension JSONScanner {
  /// Reads a number by RFC 8259's grammar and steps behind it.
  @inline(__always)
  mutating func scanNumber() throws(JSONError) -> DecimalNumber {
    let first = position
    var cursor = first
    let isNegative = cursor < end && cursor.pointee == UInt8(ascii: "-")
    if isNegative { cursor += 1 }
    guard cursor < end else { throw error(.unexpectedEnd, at: end) }
    let digits = cursor
    guard digits.pointee.isDigit else { return try scanNonFinite(isNegative: isNegative) }
    var significand: UInt64 = 0
    while cursor < end, cursor.pointee.isDigit {
      significand = significand &* 10 &+ UInt64(cursor.pointee & 0x0F)
      cursor += 1
    }
    var digitCount = cursor - digits
    guard digits.pointee != UInt8(ascii: "0") || digitCount == 1 else { throw error(.invalidNumber) }
    var exponent = 0
    if cursor < end, cursor.pointee == UInt8(ascii: ".") {
      cursor += 1
      let fraction = cursor
      cursor = scanDigits(cursor, into: &significand)
      exponent = fraction - cursor
      guard exponent < 0 else { throw error(cursor < end ? .invalidNumber : .unexpectedEnd) }
      digitCount -= exponent
    }
    if cursor < end, cursor.pointee | 0x20 == UInt8(ascii: "e") {
      exponent += try scanExponent(&cursor)
    }
    position = cursor
    return DecimalNumber(
      first: first,
      last: cursor,
      isNegative: isNegative,
      significand: significand,
      exponent: exponent,
      digitCount: digitCount,
      nonFinite: nil
    )
  }

  /// Appends a run of digits to `significand`, up to eight a step; wraps around when there are too many.
  @inline(__always)
  private func scanDigits(_ start: UnsafePointer<UInt8>, into significand: inout UInt64) -> UnsafePointer<UInt8> {
    var cursor = start
    while end - cursor >= 8 {
      let word = UnsafeRawPointer(cursor).loadUnaligned(as: UInt64.self).littleEndian
      let count = word.leadingDigitCount
      if count == 8 {
        significand = significand &* 100_000_000 &+ word.valueOfEightDigits
        cursor += 8
        continue
      }
      if count == 0 { return cursor }
      // Shifting moves zeros in front of the digits: they are then worth what `count` digits are worth.
      let shifted = word << UInt64(truncatingIfNeeded: 64 &- 8 &* count)
      significand = significand &* integerPowerOfTen(count) &+ shifted.valueOfEightDigits
      return cursor + count
    }
    while cursor < end, cursor.pointee.isDigit {
      significand = significand &* 10 &+ UInt64(cursor.pointee & 0x0F)
      cursor += 1
    }
    return cursor
  }

  /// Reads "e", an optional sign and digits; saturates far outside of what any type holds.
  private func scanExponent(_ cursor: inout UnsafePointer<UInt8>) throws(JSONError) -> Int {
    cursor += 1
    var isNegative = false
    if cursor < end, cursor.pointee == UInt8(ascii: "-") || cursor.pointee == UInt8(ascii: "+") {
      isNegative = cursor.pointee == UInt8(ascii: "-")
      cursor += 1
    }
    guard cursor < end else { throw error(.unexpectedEnd, at: end) }
    guard cursor.pointee.isDigit else { throw error(.invalidNumber) }
    var value = 0
    while cursor < end, cursor.pointee.isDigit {
      if value < 1_000_000_000_000 { value = value * 10 + Int(cursor.pointee & 0x0F) }
      cursor += 1
    }
    return isNegative ? -value : value
  }

  /// Reads `NaN`, `Infinity` or `-Infinity`, if the scanner tolerates them.
  private mutating func scanNonFinite(isNegative: Bool) throws(JSONError) -> DecimalNumber {
    guard toleratesNonFinite else { throw error(.invalidNumber) }
    let first = position
    if isNegative { position += 1 }
    let isNaN = !isNegative && position < end && position.pointee == UInt8(ascii: "N")
    if isNaN { try consume("NaN") } else { try consume("Infinity") }
    sawNonFinite = true
    return DecimalNumber(
      first: first,
      last: position,
      isNegative: isNegative,
      significand: 0,
      exponent: 0,
      digitCount: 0,
      nonFinite: isNaN ? .nan : isNegative ? -.infinity : .infinity
    )
  }
}
