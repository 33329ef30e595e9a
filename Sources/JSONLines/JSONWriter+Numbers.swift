import CText

extension JSONWriter {
  /// Writes the shortest decimal that reads back as the same Double: 1 rather than 1.0.
  ///
  /// What JSON has no number for becomes one of the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
  public mutating func write(_ value: Double) {
    var target = beginValue(reserving: Cursor.longestNumber)
    if value.isFinite { target.put(value) } else { target.putNonFinite(value) }
    end(target)
  }

  /// Writes the shortest decimal that reads back as the same Float; otherwise as for a Double.
  public mutating func write(_ value: Float) {
    var target = beginValue(reserving: Cursor.longestNumber)
    if value.isFinite { target.put(value) } else { target.putNonFinite(Double(value)) }
    end(target)
  }

  /// Writes an integer; beyond ±(2^53 - 1) as a string, since many readers would round the number (RFC 7493, section
  /// 2.2).
  public mutating func write(_ value: Int64) { writeInteger(value.magnitude, isNegative: value < 0) }

  /// Writes an integer; beyond 2^53 - 1 as a string.
  public mutating func write(_ value: UInt64) { writeInteger(value, isNegative: false) }

  /// Writes an integer; beyond ±(2^53 - 1) as a string.
  public mutating func write(_ value: Int) { write(Int64(value)) }

  /// Writes an integer of 64 bits, with or without a sign; one beyond 2^53 - 1 as a string.
  @inlinable
  public mutating func write(integer value: Int128) {
    if value < 0 { write(Int64(truncatingIfNeeded: value)) } else { write(UInt64(truncatingIfNeeded: value)) }
  }

  /// Writes a flat array, each element as ``write(_:)-(Float)`` does.
  public mutating func write(floats values: UnsafeBufferPointer<Float>) {
    beginArray()
    writeElements(floats: values)
    endArray()
  }

  /// Writes values one after the other, without brackets: a part of an array that is sent in pieces.
  public mutating func writeElements(floats values: UnsafeBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    var index = 0
    while index < values.count {
      // Room is made for many at once.
      let block = min(512, values.count - index)
      var target = beginValue(reserving: block * 20 + 16)
      var end: UnsafeMutablePointer<UInt8>? = target.position
      let run = ctext_write_floats(base + index, block, target.position, &end, CTEXT_BEST)
      if let end, run > 0 {
        target.position = end
        self.end(target)
        index += run
      } else {
        // The cursor has written a comma, if one was due, that the value writes itself.
        write(base[index])
        index += 1
      }
    }
  }

  /// Writes a flat array, each element as ``write(_:)-(Double)`` does.
  public mutating func write(doubles values: UnsafeBufferPointer<Double>) {
    beginArray()
    let run = writeDigits(values, ctext_write_digits_of_doubles)
    for value in values.dropFirst(run) { write(value) }
    endArray()
  }

  /// Writes a flat array, each element as ``write(_:)-(Int64)`` does.
  public mutating func write(integers values: UnsafeBufferPointer<Int64>) {
    beginArray()
    let run = writeDigits(values, ctext_write_digits_of_integers)
    for value in values.dropFirst(run) { write(value) }
    endArray()
  }

  /// Writes the values that are single digits at the beginning of an array, and returns how many those are.
  @inline(__always)
  private mutating func writeDigits<Value>(
    _ values: UnsafeBufferPointer<Value>,
    _ write: (UnsafePointer<Value>?, Int, UnsafeMutablePointer<UInt8>?) -> Int
  ) -> Int {
    guard let base = values.baseAddress else { return 0 }
    var target = beginValue(reserving: 2 * values.count + 8)
    let run = write(base, values.count, target.position)
    if run > 0 { target.position += 2 * run - 1 }
    end(target)
    return run
  }

  /// Writes an integer as a number, whatever readers may make of it.
  mutating func writeUnquoted(_ value: Int64) {
    var target = beginValue(reserving: Cursor.longestNumber)
    if value < 0 { target.put(UInt8(ascii: "-")) }
    target.put(value.magnitude)
    end(target)
  }

  private mutating func writeInteger(_ magnitude: UInt64, isNegative: Bool) {
    let isString = magnitude > Self.largestSafeInteger
    var target = beginValue(reserving: Cursor.longestNumber)
    if isString { target.put(UInt8(ascii: "\"")) }
    if isNegative { target.put(UInt8(ascii: "-")) }
    target.put(magnitude)
    if isString { target.put(UInt8(ascii: "\"")) }
    end(target)
  }
}

extension JSONWriter.Cursor {
  /// More bytes than any number takes, with its sign, its quotes and what is written beyond its end on the way.
  static var longestNumber: Int { 72 }

  /// Writes, as a string, what JSON has no number for.
  @inline(never)
  mutating func putNonFinite(_ value: Double) {
    let text: StaticString = value.isNaN ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\""
    put(text.utf8Start, count: text.utf8CodeUnitCount)
  }

  /// Writes an integer in decimal.
  mutating func put(_ value: UInt64) {
    if value < 10 { return put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)) }
    if value < 100_000_000 {
      // Leading zeros are the lowest bytes.
      let digits = UInt64(eightDigitsOf: value)
      let zeros = digits.trailingZeroBitCount >> 3
      let text = (digits | .repeating(UInt8(ascii: "0"))) >> UInt64(truncatingIfNeeded: 8 &* zeros)
      UnsafeMutableRawPointer(position).storeBytes(of: text.littleEndian, as: UInt64.self)
      position += 8 &- zeros
      return
    }
    var length = 1
    var rest = value
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    rest = value
    for index in stride(from: length - 1, through: 0, by: -1) {
      position[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    position += length
  }
}
