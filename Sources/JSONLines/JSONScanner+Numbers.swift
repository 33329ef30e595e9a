extension JSONScanner {
  /// Reads the nearest Double of a number, or one of the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
  ///
  /// These strings are how ``JSONWriter`` writes what JSON has no number for. A number too large for a Double, such as
  /// 1e400, is rounded to an infinity as IEEE 754 rounds.
  public mutating func readDouble() throws(JSONError) -> Double {
    skipWhiteSpace()
    // Rewards are mostly small integers. An integer has no negative zero, a Double has.
    let isNegative = isAt(UInt8(ascii: "-"))
    if let usual = scanUsualInteger() { return usual == 0 && isNegative ? -0.0 : Double(usual) }
    return try readDoubleHere()
  }

  /// Reads a Float: the nearest Double, converted; strings as in ``readDouble()``.
  ///
  /// A number too large for a Float, such as 1e39, is rounded to an infinity.
  public mutating func readFloat() throws(JSONError) -> Float {
    skipWhiteSpace()
    return try readFloatHere()
  }

  @inline(__always)
  mutating func readDoubleHere() throws(JSONError) -> Double {
    guard startsNumber else { return try readNonFiniteString() }
    return try scanNumber().nearestDouble
  }

  @inline(__always)
  mutating func readFloatHere() throws(JSONError) -> Float {
    guard startsNumber else { return Float(try readNonFiniteString()) }
    return Float(try scanNumber().nearestDouble)
  }

  @inline(__always)
  private var startsNumber: Bool {
    position < end && (position.pointee.isDigit || position.pointee == UInt8(ascii: "-"))
  }

  /// Reads what may stand for a number and does not look like one: a string, or the bare word of a tolerant scanner.
  @inline(never)
  private mutating func readNonFiniteString() throws(JSONError) -> Double {
    let start = position
    let kind = try peek()
    if kind == .number { return try scanNumber().nearestDouble }
    guard kind == .string else { throw error(.wrongKind(expected: .number, found: kind)) }
    let name = JSONName(try scanString())
    if name == "NaN" { return .nan }
    if name == "Infinity" { return .infinity }
    if name == "-Infinity" { return -.infinity }
    position = start
    throw error(.wrongKind(expected: .number, found: .string))
  }
}
