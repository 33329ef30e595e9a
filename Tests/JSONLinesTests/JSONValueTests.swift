import JSONLines
import Testing

@Suite("JSONValue")
struct JSONValueTests {
  @Test(
    "a text becomes a tree and the same text again",
    arguments: [
      #"{"b":[1,-2,0.5,true,false,null,{}],"a":"x\"y","":[]}"#, "9223372036854775807", "-9223372036854775808", "1e300",
      "-0",
      #""é""#, "[[[[]]]]",
    ]
  )
  func roundTrip(text: String) throws {
    #expect(try JSONValue(parsing: text).text == text)
  }

  @Test("members are found by name, and keep their order")
  func members() throws {
    let value = try JSONValue(parsing: #"{"z":1,"a":[2.5],"s":"x"}"#)
    #expect(value["z"] == .integer(1))
    #expect(value["a"] == .array([.number(2.5)]))
    #expect(value["s"] == .string("x"))
    #expect(value["missing"] == nil)
    #expect(JSONValue.null["z"] == nil)
    #expect(value == .object([.init("z", .integer(1)), .init("a", .array([.number(2.5)])), .init("s", .string("x"))]))
  }

  @Test("a number that is not finite is written as null")
  func nonFinite() {
    #expect(JSONValue.array([.number(.nan), .number(-.infinity), .number(1)]).text == "[null,null,1]")
  }

  @Test("strings that stand for numbers elsewhere stay strings")
  func stringsStayStrings() throws {
    #expect(
      try JSONValue(parsing: "[\"NaN\",\"9007199254740993\"]") == .array([.string("NaN"), .string("9007199254740993")])
    )
  }
}
