import JSONLines
import Testing

@Suite("Numbers")
struct JSONNumberTests {
  @Test("any spelling of an integer is read, a fraction is refused")
  func integers() throws {
    for (text, value) in [
      ("0", 0), ("-0", 0), ("1.0", 1), ("1e2", 100), ("-1.50e1", -15), ("120e-1", 12), ("0e999999999999999999999", 0),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775807.000", .max),
      ("0.00000000000000000000000001e26", 1), ("10000000000000000000000000e-25", 1),
      ("\"9007199254740993\"", 9_007_199_254_740_993),
    ] as [(String, Int64)] {
      #expect(try scan(text) { try $0.readInteger() } == value, "\(text)")
    }
    for text in ["0.5", "1e-1", "-1.0000000000000000000000000001", "1e-99999999999999999999"] {
      #expect(reason(text) { try $0.readInteger() } == .notAnInteger, "\(text)")
    }
    for text in [
      "9223372036854775808", "-9223372036854775809", "1e19", "1e99999999999999999999", "\"9223372036854775808\"",
    ] {
      #expect(reason(text) { try $0.readInteger() } == .integerOutOfRange, "\(text)")
    }
    for text in [
      "\"1\"", "\"9007199254740991\"", "\"1e300\"", "\"\"", "\"NaN\"", "\" 9007199254740993\"", "\"09007199254740993\"",
    ] {
      #expect(reason(text) { try $0.readInteger() } == .wrongKind(expected: .number, found: .string), "\(text)")
    }
  }

  @Test("unsigned integers reach 2^64 - 1 and not below 0")
  func unsignedIntegers() throws {
    #expect(try scan("18446744073709551615") { try $0.readUnsignedInteger() } == .max)
    #expect(try scan("-0") { try $0.readUnsignedInteger() } == 0)
    #expect(reason("18446744073709551616") { try $0.readUnsignedInteger() } == .integerOutOfRange)
    #expect(reason("-1") { try $0.readUnsignedInteger() } == .integerOutOfRange)
  }

  @Test("SPEC 9.3: numbers too large are infinities, numbers too small are zero")
  func overflow() throws {
    for text in ["1e309", "1e400", "1e99999999999999999999", "1" + String(repeating: "0", count: 400)] {
      #expect(try scan(text) { try $0.readDouble() } == .infinity, "\(text)")
      #expect(try scan("-" + text) { try $0.readFloat() } == -.infinity, "\(text)")
      #expect(refusal(text) == nil)
    }
    #expect(try scan("1e39") { try $0.readFloat() } == .infinity)
    #expect(try scan("3.4028235677973366e38") { try $0.readFloat() } == .infinity)
    #expect(try scan("3.402823567797336e38") { try $0.readFloat() } == .greatestFiniteMagnitude)
    #expect(try scan("-1e-400") { try $0.readDouble() }.bitPattern == (-0.0).bitPattern)
    #expect(try scan("1.7976931348623158e308") { try $0.readDouble() } == .greatestFiniteMagnitude)
  }

  @Test("the strings that stand for non-finite numbers are read where a number is expected")
  func nonFiniteStrings() throws {
    #expect(try scan("\"NaN\"") { try $0.readDouble() }.isNaN)
    #expect(try scan("\"Infinity\"") { try $0.readFloat() } == .infinity)
    #expect(try scan("\"-Infinity\"") { try $0.readDouble() } == -.infinity)
    #expect(reason("\"inf\"") { try $0.readDouble() } == .wrongKind(expected: .number, found: .string))
  }

  @Test("Python's bare words are read by a tolerant scanner only, which remembers")
  func bareNonFinite() throws {
    for text in ["NaN", "Infinity", "-Infinity"] {
      #expect(refusal(text) != nil)
      #expect(refusal(text, toleratesNonFinite: true) == nil)
    }
    for text in ["Na", "-NaN", "+Infinity", "Infinit", "-", "-I", "nan", "NaNs"] {
      #expect(refusal(text, toleratesNonFinite: true) != nil, "\(text)")
    }
    try withBytes("[1,NaN,-Infinity,Infinity]") { bytes in
      var scanner = JSONScanner(bytes, toleratesNonFinite: true)
      #expect(!scanner.sawNonFinite)
      var values = [Float](repeating: 0, count: 4)
      try values.withUnsafeMutableBufferPointer { try scanner.readFloats(into: $0) }
      #expect(values[0] == 1 && values[1].isNaN && values[2] == -.infinity && values[3] == .infinity)
      #expect(scanner.sawNonFinite)
    }
    #expect(throws: JSONError(.notAnInteger, offset: 0)) {
      try scan("NaN", toleratesNonFinite: true) { try $0.readInteger() }
    }
  }

  @Test("flat arrays have exactly the length asked for")
  func flatArrays() throws {
    var floats = [Float](repeating: 0, count: 4)
    let read: (inout JSONScanner) throws -> Void = { scanner in
      try floats.withUnsafeMutableBufferPointer { try scanner.readFloats(into: $0) }
    }
    try scan(" [ 1 , -0.5,\t2e1,\"NaN\" ] ", read)
    #expect(floats[0] == 1 && floats[1] == -0.5 && floats[2] == 20 && floats[3].isNaN)
    #expect(reason("[1,2,3]", read) == .wrongCount(expected: 4, found: 3))
    #expect(reason("[]", read) == .wrongCount(expected: 4, found: 0))
    #expect(reason("[1,2,3,4,5,6]", read) == .wrongCount(expected: 4, found: 6))
    #expect(reason("[1,2,3,[4]]", read) == .wrongKind(expected: .number, found: .array))
    #expect(reason("[1,2,3,null]", read) == .wrongKind(expected: .number, found: .null))
    #expect(reason("[1,2,3,4,]", read) == .expectedValue)
    #expect(reason("[1,2,3 4]", read) == .expectedCommaOrBracket)
    #expect(reason("[1,2,3,4", read) == .unexpectedEnd)
    #expect(reason("{}", read) == .wrongKind(expected: .array, found: .object))
    var integers = [Int64](repeating: 0, count: 3)
    try scan("[1.0,-2,3e0]") { scanner in
      try integers.withUnsafeMutableBufferPointer { try scanner.readIntegers(into: $0) }
    }
    #expect(integers == [1, -2, 3])
    var doubles = [Double](repeating: 0, count: 2)
    try scan("[0.1,-1e300]") { scanner in
      try doubles.withUnsafeMutableBufferPointer { try scanner.readDoubles(into: $0) }
    }
    #expect(doubles == [0.1, -1e300])
  }

  @Test("a tolerant scanner flattens nested arrays and remembers")
  func nestedArrays() throws {
    try withBytes("[[1,2],[3,[4]],[]]") { bytes in
      var scanner = JSONScanner(bytes, toleratesNestedArrays: true)
      var values = [Double](repeating: 0, count: 4)
      try values.withUnsafeMutableBufferPointer { try scanner.readDoubles(into: $0) }
      try scanner.finish()
      #expect(values == [1, 2, 3, 4])
      #expect(scanner.sawNestedArray)
    }
  }
}
