import CText

extension JSONScanner {
  /// Reads a flat array of exactly as many numbers as `target` has room for; elements as in ``readFloat()``.
  ///
  /// - Throws: for another length ``JSONError/Reason/wrongCount(expected:found:)``, after the whole array was checked.
  ///   What `target` holds after an error is unspecified.
  public mutating func readFloats(into target: UnsafeMutableBufferPointer<Float>) throws(JSONError) {
    try readArray(into: target, run: { ctext_read_floats($0, $1, $2, $3, CTEXT_BEST) }) { scanner throws(JSONError) in
      try scanner.readFloatHere()
    }
  }

  /// Reads a flat array of exactly as many numbers as `target` has room for; elements as in ``readDouble()``.
  public mutating func readDoubles(into target: UnsafeMutableBufferPointer<Double>) throws(JSONError) {
    try readArray(into: target, run: ctext_read_digits_as_doubles) { scanner throws(JSONError) in
      try scanner.readDoubleHere()
    }
  }

  /// Reads a flat array of exactly as many integers as `target` has room for; elements as in ``readInteger()``.
  public mutating func readIntegers(into target: UnsafeMutableBufferPointer<Int64>) throws(JSONError) {
    try readArray(into: target, run: ctext_read_digits_as_integers) { scanner throws(JSONError) in
      try scanner.readInteger()
    }
  }

  @inline(__always)
  private mutating func readArray<Element: BitwiseCopyable>(
    into target: UnsafeMutableBufferPointer<Element>,
    run: (UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafePointer<UInt8>?, UnsafeMutablePointer<Element>?, Int) ->
      Int,
    _ read: (inout JSONScanner) throws(JSONError) -> Element
  ) throws(JSONError) {
    try expect(.array)
    let opening = position
    var nested = 0
    var found = 0
    try enterArray()
    while true {
      if !stepOverComma(), try !nextElement() {
        if nested == 0 { break }
        nested -= 1
        continue
      }
      skipWhiteSpace()
      if toleratesNestedArrays, position < end, position.pointee == UInt8(ascii: "[") {
        sawNestedArray = true
        nested += 1
        try enterArray()
        continue
      }
      if found < target.count, let start = target.baseAddress {
        var cursor: UnsafePointer<UInt8>? = position
        let count = run(&cursor, end, start + found, target.count - found)
        if count > 0, let cursor {
          position = cursor
          found += count
          continue
        }
        target[found] = try read(&self)
      } else {
        _ = try read(&self)
      }
      found += 1
    }
    guard found == target.count else {
      throw error(.wrongCount(expected: target.count, found: found), at: opening)
    }
  }
}
