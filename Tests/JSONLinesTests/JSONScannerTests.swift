import JSONLines
import Testing

@Suite("JSONScanner")
struct JSONScannerTests {
  static let step = #"{"id":2,"op":"step","action":[1, -0.5,2e1],"info":{"a":[{}, null, true]},"done":false}"#

  @Test("members are read in place, in any order, and unknown ones are skipped")
  func membersAreReadInPlace() throws {
    try withBytes(Self.step) { bytes in
      var scanner = JSONScanner(bytes)
      var names: [String] = []
      try scanner.enterObject()
      while let name = try scanner.nextName() {
        names.append(name.string)
        switch name {
        case "id": #expect(try scanner.readInteger() == 2)
        case "op": #expect(try scanner.readString() == "step")
        case "done": #expect(try scanner.readBool() == false)
        default: try scanner.skipValue()
        }
      }
      try scanner.finish()
      #expect(names == ["id", "op", "action", "info", "done"])
    }
  }

  @Test("a copy keeps the position, so that a member can be read again later")
  func copyKeepsThePosition() throws {
    try withBytes(Self.step) { bytes in
      var scanner = JSONScanner(bytes)
      var action: JSONScanner?
      try scanner.enterObject()
      while let name = try scanner.nextName() {
        if name == "action" { action = scanner }
        try scanner.skipValue()
      }
      try scanner.finish()
      var later = try #require(action)
      var values: [Double] = []
      try later.enterArray()
      while try later.nextElement() { values.append(try later.readDouble()) }
      #expect(values == [1, -0.5, 20])
    }
  }

  @Test("a name is compared after its escapes are resolved")
  func escapedNamesAreEqual() throws {
    try withBytes(#"{"o\u0070":1,"op":2,"opx":3,"":4}"#) { bytes in
      var scanner = JSONScanner(bytes)
      var matches: [Bool] = []
      try scanner.enterObject()
      while let name = try scanner.nextName() {
        matches.append(name == "op")
        #expect((name != "op") == !(name == "op"))
        try scanner.skipValue()
      }
      #expect(matches == [true, true, false, false])
    }
  }

  @Test("nesting is bounded without using the stack")
  func nestingIsBounded() {
    #expect(refusal(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == nil)
    #expect(
      refusal(String(repeating: "[", count: 65) + String(repeating: "]", count: 65))
        == JSONError(.tooDeep(maximum: 64), offset: 64)
    )
    #expect(refusal(String(repeating: "[", count: 100_000))?.reason == .tooDeep(maximum: 64))
    #expect(refusal(String(repeating: #"{"a":"#, count: 100_000))?.reason == .tooDeep(maximum: 64))
    #expect(refusal("[[1]]", maximumDepth: 1)?.reason == .tooDeep(maximum: 1))
    #expect(refusal(#"[{"a":[1]},[2]]"#, maximumDepth: 3) == nil)
  }

  @Test("nesting that was entered counts for what is skipped inside it")
  func enteredNestingCounts() {
    let text = String(repeating: "[", count: 65)
    let found = reason(text) { scanner in
      for _ in 0..<40 {
        try scanner.enterArray()
        #expect(try scanner.nextElement())
      }
      try scanner.skipValue()
    }
    #expect(found == .tooDeep(maximum: 64))
  }

  @Test("a value of another kind is named in the error")
  func wrongKindIsNamed() throws {
    #expect(reason("1") { try $0.enterObject() } == .wrongKind(expected: .object, found: .number))
    #expect(reason("{}") { try $0.enterArray() } == .wrongKind(expected: .array, found: .object))
    #expect(reason("null") { try $0.readString() } == .wrongKind(expected: .string, found: .null))
    #expect(reason("\"1\"") { try $0.readDouble() } == .wrongKind(expected: .number, found: .string))
    #expect(reason("[]") { try $0.readFloat() } == .wrongKind(expected: .number, found: .array))
    #expect(reason("true") { try $0.readInteger() } == .wrongKind(expected: .number, found: .boolean))
    #expect(reason("0") { try $0.readBool() } == .wrongKind(expected: .boolean, found: .number))
    #expect(reason("false") { try $0.readNull() } == .wrongKind(expected: .null, found: .boolean))
    let error = JSONError(.wrongKind(expected: .string, found: .number), offset: 17)
    #expect(error.description == "Expected a string at byte 17, found a number.")
  }

  @Test("an error says at which byte")
  func errorsHaveOffsets() {
    #expect(refusal("[1 2]") == JSONError(.expectedCommaOrBracket, offset: 3))
    #expect(refusal(#"{"a" 1}"#) == JSONError(.expectedColon, offset: 5))
    #expect(refusal(#"{"a":1 "b"}"#) == JSONError(.expectedCommaOrBrace, offset: 7))
    #expect(refusal("{1}") == JSONError(.expectedName, offset: 1))
    #expect(refusal("[1,]") == JSONError(.expectedValue, offset: 3))
    #expect(refusal("1 x") == JSONError(.trailingBytes, offset: 2))
    #expect(refusal("  ") == JSONError(.unexpectedEnd, offset: 2))
  }

  @Test("reading member by member refuses what skipping refuses")
  func enteringChecksTheSameGrammar() throws {
    for text in [
      "[1,]", "[,1]", "[1 2]", "{\"a\":1,}", "{,}", "{\"a\"}", "{\"a\":}", "[", "{", "[1", "{\"a\":1", "[}", "{]",
    ] {
      #expect(throws: JSONError.self, "\(text)") { try JSONValue(parsing: text) }
    }
  }

  @Test(
    "every error is a sentence that says where",
    arguments: [
      .unexpectedEnd, .expectedValue, .expectedName, .expectedColon, .expectedCommaOrBrace, .expectedCommaOrBracket,
      .trailingBytes, .wrongKind(expected: .null, found: .object), .invalidNumber, .notAnInteger,
      .integerOutOfRange, .controlCharacter, .invalidEscape, .loneSurrogate, .invalidUTF8, .tooDeep(maximum: 7),
      .wrongCount(expected: 4, found: 3),
    ] as [JSONError.Reason])
  func errorsAreSentences(reason: JSONError.Reason) {
    let text = JSONError(reason, offset: 1234).description
    #expect(text.first?.isUppercase == true && text.hasSuffix(".") && text.contains("byte 1234"))
    if case .wrongCount = reason { #expect(text.contains("Expected 4 numbers") && text.contains("found 3")) }
    if case .tooDeep = reason { #expect(text.contains("7 levels")) }
  }
}
