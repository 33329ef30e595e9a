extension JSONScanner {
  /// Reads an integer written in any way: 1, 1.0, 1e2 and -0 are integers, 0.5 is not.
  ///
  /// Beyond ±(2^53 - 1), where many readers of JSON round, it may be a string of decimal digits (RFC 7493, section
  /// 2.2), which is how ``JSONWriter`` writes it.
  public mutating func readInteger() throws(JSONError) -> Int64 {
    skipWhiteSpace()
    if let usual = scanUsualInteger() { return usual }
    let start = position
    let (magnitude, isNegative) = try readMagnitude()
    guard magnitude <= (isNegative ? 1 << 63 : 1 << 63 - 1) else { throw error(.integerOutOfRange, at: start) }
    return Int64(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude)
  }

  /// Reads an integer from 0 to 2^64 - 1, written as for ``readInteger()``.
  public mutating func readUnsignedInteger() throws(JSONError) -> UInt64 {
    skipWhiteSpace()
    let start = position
    let (magnitude, isNegative) = try readMagnitude()
    guard magnitude == 0 || !isNegative else { throw error(.integerOutOfRange, at: start) }
    return magnitude
  }

  /// Reads an integer of at most 18 digits in its usual spelling; for any other number nil, and the position stays.
  @inline(__always)
  mutating func scanUsualInteger() -> Int64? {
    if let digit = scanDigit() { return digit }
    var cursor = position
    let isNegative = isAt(UInt8(ascii: "-"))
    if isNegative { cursor += 1 }
    let digits = cursor
    var magnitude: Int64 = 0
    while cursor < end, cursor.pointee.isDigit {
      magnitude = magnitude &* 10 &+ Int64(cursor.pointee & 0x0F)
      cursor += 1
    }
    let count = cursor - digits
    guard count > 0, count <= 18, digits.pointee != UInt8(ascii: "0") || count == 1 else { return nil }
    guard cursor == end || cursor.pointee != UInt8(ascii: ".") && cursor.pointee | 0x20 != UInt8(ascii: "e") else {
      return nil
    }
    position = cursor
    return isNegative ? -magnitude : magnitude
  }

  /// Reads an integer of one digit, as most actions and rewards are; for any other number nil, and the position stays.
  @inline(__always)
  private mutating func scanDigit() -> Int64? {
    guard end - position >= 2, position.pointee.isDigit else { return nil }
    switch position[1] {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
      position += 1
      return Int64(position[-1] & 0x0F)
    default: return nil
    }
  }

  private mutating func readMagnitude() throws(JSONError) -> (magnitude: UInt64, isNegative: Bool) {
    let kind = try peek()
    if kind == .string { return try readMagnitudeOfString() }
    guard kind == .number else { throw error(.wrongKind(expected: .number, found: kind)) }
    let number = try scanNumber()
    if number.exponent == 0, number.isExact, number.nonFinite == nil { return (number.significand, number.isNegative) }
    return (try magnitude(of: number), number.isNegative)
  }

  /// A string of digits stands for an integer only where a number would not be safe.
  private mutating func readMagnitudeOfString() throws(JSONError) -> (magnitude: UInt64, isNegative: Bool) {
    let start = position
    let token = try scanString()
    var inner = JSONScanner(token.bytes)
    guard !token.hasEscapes, let number = try? inner.scanNumber(), inner.position == inner.end,
      number.last - number.first == number.digitCount + (number.isNegative ? 1 : 0)
    else { throw error(.wrongKind(expected: .number, found: .string), at: start) }
    let value: UInt64
    do {
      value = try magnitude(of: number)
    } catch {
      throw JSONError(error.reason, offset: start - self.start)
    }
    guard value > JSONWriter.largestSafeInteger else {
      throw error(.wrongKind(expected: .number, found: .string), at: start)
    }
    return (value, number.isNegative)
  }

  private func magnitude(of number: DecimalNumber) throws(JSONError) -> UInt64 {
    guard number.nonFinite == nil else { throw error(.notAnInteger, at: number.first) }
    let result = SignificantDigits.withDigits(of: number) { digits -> Result<UInt64, JSONError> in
      guard digits.count > 0 else { return .success(0) }
      guard digits.exponent >= 0 else { return .failure(error(.notAnInteger, at: number.first)) }
      guard digits.count + digits.exponent <= 20 else { return .failure(error(.integerOutOfRange, at: number.first)) }
      var value: UInt64 = 0
      for index in 0..<digits.count + digits.exponent {
        let digit = index < digits.count ? UInt64(digits.digits[index] & 0x0F) : 0
        let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(digit)
        guard !overflow, !carry else { return .failure(error(.integerOutOfRange, at: number.first)) }
        value = sum
      }
      return .success(value)
    }
    return try result.get()
  }
}
