import JSONLines
import Testing

/// What RFC 8259 accepts and refuses, case by case, named as JSONTestSuite (Seriot 2016) names such cases.
@Suite("RFC 8259")
struct GrammarTests {
  @Test(
    "is accepted",
    arguments: [
      "[]", "[ ]", "{}", " { } ", "[[] ]", "[1]", "[1 ]", " [1]", "[1\n,2]", "\t\r\n []\n", "0", "-0", "1", "-1", "10",
      "123e65", "0e+1", "0e1", "20e1", "1E22", "1E-2", "1E+2", "123.456e78", "-0.0", "0.1", "-123", "123.456789",
      "-0.000000000000000000000000000000000000000000000000000000000000000000000000000001",
      "\"\"", "\"a\"", "\" \"", "true", "false", "null", #"{"a":"b","c":[1,{"d":null}]}"#, #"{"":0}"#,
      #"{"a":1,"a":2}"#, #"{"\u0000":1}"#, #""\u0060\u012a\u12AB""#, #""\uD801\udc37""#, #""\ud83d\ude39\ud83d\uDC8d""#,
      #""\"\\\/\b\f\n\r\t""#, #""\\u0000""#, #""\u0000""#, #""\uDBFF\uDFFE""#, #""\u0821""#, #""\uFFFF""#,
      "\"a/*b*/c/*d//e\"", "\"\u{7F}\"", "\"\u{2028}\u{2029}\"", "\"\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"",
      "\"\u{D7FF}\u{E000}\u{FFFE}\"", #"[1,null,"x",true,[],{},-1e1]"#,
    ]
  )
  func accepted(text: String) throws {
    #expect(refusal(text) == nil)
    #expect(throws: Never.self) { try JSONValue(parsing: text) }
  }

  @Test(
    "is refused",
    arguments: [
      // arrays
      "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\"]]", "[1,]", "[\"x\"", "[x", "[3[4]]", "[1:2]",
      "[,]",
      "[-]", "[\"\",", "[1", "[", "]", "[\n4\n,1,", "[1,\u{0B}2]", "[\u{0C}]", "[*]", "[a", "[1}",
      // objects
      "{\"x\", null}", "{\"x\"::\"b\"}", "{\"a\":\"a\" 123}", "{key: 'value'}", "{\"a\" b}", "{:\"b\"}",
      "{\"a\" \"b\"}",
      "{\"a\":", "{\"a\"", "{1:1}", "{null:null}", "{\"id\":0,}", "{\"id\":0,,}", "{'a':0}", "{\"a\":\"b\"}#", "{,}",
      "{",
      "{\"a\":1", "{]", "{\"a\":true} \"x\"", "{\"a\":/*comment*/\"b\"}", "{\"a\":\"b\"}//", "}",
      // numbers
      "-01", "01", "-012", "+1", "++1", "-", "--1", "1.", "-1.", ".1", "-.1", "2.e3", "2.e+3", "0.e1", "0e", "0e+",
      "0E",
      "1e", "1e+", "1eE2", "0.3e", "0.3e+", "1.0e", "1.0e-", "1 000.0", "0x1", "0x42", "1+2", "Inf", "NaN", "Infinity",
      "-Infinity", "- 1", "-a", "1a", "1ea", "1.2a-3", "1.8011670033376514H-308", "\u{FF11}", "1e1.5", "-1x", "00",
      "0 1",
      // literals
      "tru", "fals", "nul", "True", "NULL", "nulll", "truefalse", "true1", "trux", "nan",
      // strings
      "\"", "\"a", "'a'", "\"\\", "\"\\\"", "\"\\a\"", "\"\\x00\"", "\"\\U0041\"", "\"\\u\"", "\"\\u00\"", "\"\\u00A\"",
      "\"\\u00Ag\"", "\"\\u 123\"", "\"\\u+123\"", "\"\\uqqqq\"", "\"\\uD800\"", "\"\\uDC00\"", "\"\\uD800x\"",
      "\"\\uD800\\n\"",
      "\"\\uD800\\u\"", "\"\\uD800\\u1\"", "\"\\uD800\\uD800\"", "\"\\uD800\\u0041\"", "\"\\uDADA\\uDADA\"",
      "\"\\uDFAA\"",
      "\"\\uDd1e\\uD834\"", "\"\n\"", "\"\t\"", "\"\u{00}\"", "\"\u{1F}\"", "\"\\\u{1F600}\"", "\"\\ \"",
      // structure
      "", " ", "\u{FEFF}", "\u{FEFF}{}", "\u{A0}1", "\u{2060}", "<null>", "[<null>]", "*", "asd", "//", "/**/1", "1//",
      "1]",
      "[1]x", "\\u0020[]", "@", "1,2", "{}{}", ":", ",", "\"a\" \"b\"", "\u{00}", "1\u{00}",
    ]
  )
  func refused(text: String) {
    #expect(refusal(text) != nil)
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test(
    "bytes that are not UTF-8 are refused inside a string and out of it",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF1, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xE9],
    ] as [[UInt8]]
  )
  func invalidUTF8(bytes: [UInt8]) {
    for padding in 0..<9 {
      let before = [UInt8](repeating: UInt8(ascii: "x"), count: padding)
      let text = [UInt8(ascii: "\"")] + before + bytes + Array("xxxxxxxxx\"".utf8)
      #expect(refusal(text) == JSONError(.invalidUTF8, offset: padding + 1))
    }
    #expect(refusal([UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")])?.reason == .invalidUTF8)
    #expect(refusal(bytes)?.reason == .expectedValue)
  }

  @Test("every well-formed sequence of UTF-8 is accepted")
  func validUTF8() throws {
    var scalars = String.UnicodeScalarView()
    for value in UInt32(0x20)...0x10FFFF where value < 0x3000 || value % 251 == 0 || value & 0xFFF > 0xFF0 {
      if let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" { scalars.append(scalar) }
    }
    let string = String(scalars)
    let back = try scan("\"" + string + "\"") { try $0.readString() }
    #expect(back.utf8.elementsEqual(string.utf8))
  }

  @Test(
    "escapes mean what they stand for",
    arguments: [
      (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{08}\u{0C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "A\u{E9}\u{20AC}"),
      (#""x\uD83D\uDE00y""#, "x\u{1F600}y"), (#""\u0000""#, "\u{00}"), (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
      (#""\ud800\udc00""#, "\u{10000}"), (#""é\né""#, "é\né"), (#""\\u0041""#, "\\u0041"),
      (#""\u07FF\u0800""#, "\u{7FF}\u{800}"),
    ]
  )
  func escapes(text: String, expected: String) throws {
    #expect(try scan(text) { try $0.readString() }.utf8.elementsEqual(expected.utf8))
    try withBytes(text) { bytes in
      var scanner = JSONScanner(bytes)
      let inPlace = try scanner.readStringBytes()
      #expect(inPlace == nil)
      #expect(scanner.offset == 0)
      #expect(try scanner.readString() == expected)
    }
  }

  @Test("a string without escapes is read in place")
  func stringsInPlace() throws {
    try withBytes(#" "aGVsbG8=é" "#) { bytes in
      var scanner = JSONScanner(bytes)
      let content = try #require(try scanner.readStringBytes())
      #expect(content.elementsEqual("aGVsbG8=é".utf8))
      let second = bytes.baseAddress.map { $0 + 2 }
      #expect(content.baseAddress == second)
      try scanner.finish()
    }
  }
}
