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
    try ahead.readBase64Member { text in byteCount = text.decodedCount }
    guard width > 0, byteCount % (width * type.size) == 0 else {
      throw ValueError("the base64 holds \(byteCount) bytes, which is not a multiple of \(width) numbers of \(type)")
    }
    let array = FlatArray(type, count: byteCount / type.size)
    try array.slice.readBase64(from: &scanner)
    return array
  }
}

extension UnsafeRawBufferPointer {
  /// How many bytes this text stands for if it is base64.
  fileprivate var decodedCount: Int { Swift.max(0, count / 4 * 3 - suffix(2).count { $0 == UInt8(ascii: "=") }) }
}

extension JSONScanner {
  /// Reads `{"b64":"..."}` with any number of numbers, on processors that are little-endian as the wire is.
  mutating func numbersInBase64<Number: BitwiseCopyable>(_: Number.Type) throws(ValueError) -> [Number] {
    var numbers: [Number] = []
    try readBase64Member { (text) throws(ValueError) in
      let (count, rest) = text.decodedCount.quotientAndRemainder(dividingBy: MemoryLayout<Number>.size)
      guard rest == 0 else {
        throw ValueError("the base64 holds \(rest) bytes more than \(count) numbers of \(Number.self)")
      }
      var failure: Base64Error?
      numbers = Array(unsafeUninitializedCapacity: count) { target, decoded in
        do throws(Base64Error) {
          try Base64.decode(text, into: UnsafeMutableRawBufferPointer(target))
          decoded = count
        } catch {
          failure = error
        }
      }
      if let failure { throw ValueError("the base64 cannot be used: \(failure.description.trimmedFullStop)") }
    }
    return numbers
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
    guard let name = try nextMember(), name == "b64", try kind() == .string else { throw ValueError(expected) }
    try body(try uncheckedBytes())
    guard try nextMember() == nil else { throw ValueError(expected) }
  }

  /// The bytes of a string, which the decoder refuses if one of them cannot stand in it.
  private mutating func uncheckedBytes() throws(ValueError) -> UnsafeRawBufferPointer {
    do { return try readUncheckedStringBytes() } catch { throw ValueError(error) }
  }
}
