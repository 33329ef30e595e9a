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

  /// Writes a flat array, each element as ``write(_:)-(Float)`` does.
  public mutating func write(floats values: UnsafeBufferPointer<Float>) {
    beginArray()
    writeElements(floats: values)
    endArray()
  }

  /// Writes values one after the other, without brackets: a part of an array that is sent in pieces.
  public mutating func writeElements(floats values: UnsafeBufferPointer<Float>) {
    var start = 0
    while start < values.count {
      // Room is made for many at once, and a comma is due before all but the first.
      let end = min(start + 64, values.count)
      var target = beginValue(reserving: (end - start) * (Cursor.longestNumber + 1))
      for index in start..<end {
        if index > start { target.put(UInt8(ascii: ",")) }
        if values[index].isFinite { target.put(values[index]) } else { target.putNonFinite(Double(values[index])) }
      }
      self.end(target)
      start = end
    }
  }

  /// Writes a flat array, each element as ``write(_:)-(Double)`` does.
  public mutating func write(doubles values: UnsafeBufferPointer<Double>) {
    beginArray()
    for value in values { write(value) }
    endArray()
  }

  /// Writes a flat array, each element as ``write(_:)-(Int64)`` does.
  public mutating func write(integers values: UnsafeBufferPointer<Int64>) {
    beginArray()
    for value in values { write(value) }
    endArray()
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
