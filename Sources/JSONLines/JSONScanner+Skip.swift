extension JSONScanner {
  /// Steps over one value of any kind, checking all of its grammar and keeping none of it.
  ///
  /// Iterative: the open containers are bits of one word, so hostile nesting costs no stack.
  public mutating func skipValue() throws(JSONError) {
    var isObject: UInt64 = 0  // bit 0 is the innermost container
    var open = 0
    while true {
      let kind = try peek()
      switch kind {
      case .object, .array:
        guard depth + open < maximumDepth else { throw error(.tooDeep(maximum: maximumDepth)) }
        position += 1
        skipWhiteSpace()
        guard position < end else { throw error(.unexpectedEnd) }
        if position.pointee == (kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          position += 1
        } else {
          open += 1
          isObject = isObject << 1 | (kind == .object ? 1 : 0)
          if kind == .object { _ = try scanName() }
          continue
        }
      case .string: _ = try scanString()
      case .number: _ = try scanNumber()
      case .boolean: _ = try readBool()
      case .null: try readNull()
      }
      if try !stepToNextValue(&isObject, &open) { return }
    }
  }

  /// After a value: closes what ends here and steps over a comma; false when the outermost value is complete.
  private mutating func stepToNextValue(_ isObject: inout UInt64, _ open: inout Int) throws(JSONError) -> Bool {
    while open > 0 {
      skipWhiteSpace()
      guard position < end else { throw error(.unexpectedEnd) }
      let inObject = isObject & 1 == 1
      let byte = position.pointee
      if byte == UInt8(ascii: ",") {
        position += 1
        if inObject {
          skipWhiteSpace()
          _ = try scanName()
        }
        return true
      }
      guard byte == (inObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw error(inObject ? .expectedCommaOrBrace : .expectedCommaOrBracket)
      }
      position += 1
      isObject >>= 1
      open -= 1
    }
    return false
  }
}
