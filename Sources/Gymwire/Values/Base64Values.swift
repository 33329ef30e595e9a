import Environments
import JSONLines

extension FlatSlice {
  /// Reads `{"b64":"..."}` (protocol/SPEC.md, feature b64).
  func readBase64(from scanner: inout JSONScanner) throws(ValueError) {
    let target = bytes
    if !scanner.readUsualBase64(into: target) {
      try scanner.readBase64Member { (text) throws(ValueError) in
        do throws(Base64Error) {
          try Base64.decode(text, into: target)
        } catch {
          throw ValueError(
            "the base64 of \(count) numbers of type \(type), which take \(target.count) bytes, cannot be used: "
              + error.description.trimmedFullStop
          )
        }
      }
    }
    #if _endian(big)
      // The wire is little-endian.
      for start in stride(from: 0, to: target.count, by: type.size) { target[start..<start + type.size].reverse() }
    #endif
    if type == .bool, let wrong = target.first(where: { $0 > 1 }) {
      throw ValueError("a number of type bool is \(wrong) instead of 0 or 1")
    }
  }
}

extension FlatArray {
  /// Reads `{"b64":"..."}` with any number of rows.
  static func readRowsBase64(
    _ type: ScalarType,
    width: Int,
    from scanner: inout JSONScanner
  ) throws(ValueError) -> FlatArray {
    var ahead = scanner
    var byteCount = 0
    // Too short a text or one that is no base64 is left to the decoder, which counts again and says what is wrong.
    try ahead.readBase64Member { text in
      byteCount = max(0, text.count / 4 * 3 - text.suffix(2).count { $0 == UInt8(ascii: "=") })
    }
    guard width > 0, byteCount % (width * type.size) == 0 else {
      throw ValueError("the base64 holds \(byteCount) bytes, which is not a multiple of \(width) numbers of \(type)")
    }
    let array = FlatArray(type, count: byteCount / type.size)
    try array.slice.readBase64(from: &scanner)
    return array
  }
}

extension JSONScanner {
  /// Reads the one usual spelling, whose length is known; false, with the position unchanged, for anything else.
  fileprivate mutating func readUsualBase64(into target: UnsafeMutableRawBufferPointer) -> Bool {
    let start = self
    if let text = skip(Base64.encodedCount(of: target.count), between: "{\"b64\":\"", and: "\"}") {
      do {
        try Base64.decode(text, into: target)
        return true
      } catch {
        // What is wrong is told by the general reader.
      }
    }
    self = start
    return false
  }

  fileprivate mutating func readBase64Member(
    _ body: (UnsafeRawBufferPointer) throws(ValueError) -> Void
  ) throws(ValueError) {
    let expected = "an object in place of an array has exactly the member \"b64\", a string without escapes"
    try enterMembers(expected: expected)
    guard let name = try nextMember(), name == "b64", try kind() == .string, let text = try unescapedBytes() else {
      throw ValueError(expected)
    }
    try body(text)
    guard try nextMember() == nil else { throw ValueError(expected) }
  }

  /// The bytes of a string; nil if it has escapes.
  private mutating func unescapedBytes() throws(ValueError) -> UnsafeRawBufferPointer? {
    do { return try readStringBytes() } catch { throw ValueError(error) }
  }
}
