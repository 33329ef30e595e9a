import Environments
import Gymwire
import Testing

@Suite("What a driver makes of step's reply")
struct StepReplyTests {
  private static let good = #"{"id":ID,"obs":[0.5,-0.25],"reward":1.5,"terminated":false,"truncated":true}"#

  @Test("SPEC 4.8, 6.7: the members are read into the row")
  func members() throws {
    var driver = Driver()
    try driver.greet()
    #expect(try driver.step(Self.good) == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.5, -0.25]))
    #expect(driver.outcome.rewards[0] == 1.5)
    #expect(!driver.outcome.isTerminated[0] && driver.outcome.isTruncated[0])
    #expect(driver.outcome.infos.isEmpty)
  }

  @Test("SPEC 4.5, 4.6: any order, white space, escapes and unknown members")
  func otherSpellings() throws {
    var driver = Driver()
    try driver.greet()
    let line =
      #"{ "truncated" :true,"x":[{"id":9}], "\u0072eward": 1.5e0 ,"text":7,"ended":5,"op":{}, "terminated":false ,"#
      + #""obs":[ 0.5 , -25e-2 ] ,"info":{"a":"NaN","b":{"b64":"!"}}, "id" : ID } "#
    #expect(try driver.step(line) == .reply(isLax: false))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.5, -0.25]))
    #expect(
      driver.outcome.infos[0] == ["a": .string("NaN"), "b": .object(["b64": .string("!")])],
      "SPEC 11.1: an info is not interpreted")
  }

  @Test("SPEC 3.7: a member that is missing or null is named", arguments: ["obs", "reward", "terminated", "truncated"])
  func missing(name: String) throws {
    let members = [("obs", "[0,0]"), ("reward", "1"), ("terminated", "false"), ("truncated", "false")]
    for isNull in [false, true] {
      var driver = Driver()
      try driver.greet()
      let text = members.compactMap { $0.0 == name ? (isNull ? "\"\(name)\":null" : nil) : "\"\($0.0)\":\($0.1)" }
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step("{\"id\":ID,\(text.joined(separator: ","))}")
      }
      #expect(error == .missing(name))
    }
  }

  @Test("SPEC 3.7, 9.3: values that cannot be used are named with what was expected")
  func invalid() throws {
    for (old, new, reason) in [
      ("[0.5,-0.25]", "[0.5]", "\"obs\" cannot be used: the array has 1 elements instead of 2"),
      ("[0.5,-0.25]", "[0.5,1,2]", "\"obs\" cannot be used: the array has 3 elements instead of 2"),
      ("[0.5,-0.25]", "0.5", "\"obs\" cannot be used: a list of 2 numbers was expected, but there is a number"),
      ("[0.5,-0.25]", "[0.5,true]", "\"obs\" cannot be used: element 1 is a boolean instead of a number"),
      ("[0.5,-0.25]", "[0.5,\"x\"]", "\"obs\" cannot be used: element 1 is the string \"x\" instead of a number"),
      ("[0.5,-0.25]", "[0.5,null]", "\"obs\" cannot be used: element 1 is null instead of a number"),
      ("[0.5,-0.25]", "{\"b64\":\"AAAAPwAAgL4=\"}", "\"obs\" cannot be used: a list of 2 numbers was expected"),
      ("1.5", "\"1.5\"", "\"reward\" cannot be used: it is the string \"1.5\" instead of a number"),
      ("1.5", "\"NaN\"", "\"reward\" cannot be used: it is nan, and no return can be made of that"),
      ("1.5", "-Infinity", "\"reward\" cannot be used: it is -inf, and no return can be made of that"),
      ("1.5", "[1.5]", "\"reward\" cannot be used: it is an array instead of a number"),
      ("1.5", "true", "\"reward\" cannot be used: it is a boolean instead of a number"),
      ("1.5", "1e999", "\"reward\" cannot be used: it is inf, and no return can be made of that"),
      ("false", "0", "\"terminated\" cannot be used: true or false was expected, but there is a number"),
      ("true}", "\"no\"}", "\"truncated\" cannot be used: true or false was expected, but there is a string"),
      ("true}", "true,\"info\":[]}", "\"info\" cannot be used: an object was expected"),
    ] {
      var driver = Driver()
      try driver.greet()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step(Self.good.replacing(old, with: new))
      }
      #expect("\(error)".contains(reason), "\(error)")
    }
  }

  @Test("SPEC 3.7, 4.3: a reply with another id, or without one, is told from a broken one")
  func wrongIdentifier() throws {
    for (id, shown) in [
      ("7", "7"), ("\"1\"", "\"1\""), ("-1", "-1"), ("1.5", "1.5"), ("[1]", "[1]"), ("true", "true"), ("null", "null"),
      ("9007199254740993", "9007199254740993"),
    ] {
      var driver = Driver()
      try driver.greet()
      let error = try #require(throws: ReplyError.self) {
        _ = try driver.step(Self.good.replacing("ID", with: id).replacing("[0.5,-0.25]", with: "[]"))
      }
      #expect(
        "\(error)".hasPrefix("the reply has the id \(shown)") && "\(error)".hasSuffix(" instead of 1"), "\(error)")
    }
    var driver = Driver()
    try driver.greet()
    #expect(try #require(throws: ReplyError.self) { _ = try driver.step("{}") } == .missing("id"))
    #expect(try driver.again(Self.good.replacing("ID", with: "1.0")) == .reply(isLax: false))
  }

  @Test("SPEC 3.7: a line that is not one JSON object is malformed, wherever it breaks")
  func malformed() throws {
    for line in [
      "{", "[]", #"{"id":ID,"obs":[0.5,"#, #"{"id":ID,"obs":[0.5 1]}"#, #"{"id":ID,"reward":1.}"#, #"{"id":ID}x"#,
      #"{"id":ID,"obs":[0.5,tru]}"#, #"{"id":ID,"x":"\ud800"}"#, #"{"id":ID,"error":{"code":"x"}"#, "\u{0}",
    ] {
      var driver = Driver()
      try driver.greet()
      let error = try #require(throws: ReplyError.self) { _ = try driver.step(line) }
      #expect("\(error)".hasPrefix("the reply is not one JSON object: "), "\(line): \(error)")
    }
  }

  @Test("SPEC 2.8: bytes of a reply that are not UTF-8 are malformed")
  func notUTF8() throws {
    var driver = Driver()
    try driver.greet()
    driver.conversation.composeStep(driver.actions, rows: 0..<1)
    let bytes = Array(#"{"id":1,"x":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8)
    let error = try #require(throws: ReplyError.self) { _ = try driver.read(bytes: bytes) }
    guard case .malformed = error else { throw error }
  }

  @Test("SPEC 2.9: a reply nested 100,000 deep is refused")
  func deep() throws {
    var driver = Driver()
    try driver.greet()
    let nested = String(repeating: "[", count: 100_000)
    for member in ["info", "x", "obs", "error"] {
      #expect(throws: ReplyError.self) { _ = try driver.step(#"{"id":ID,"\#(member)":\#(nested)}"#) }
    }
  }

  @Test("SPEC 8.5: bare NaN, Infinity and nested lists are read, and noted")
  func lax() throws {
    var driver = Driver()
    try driver.greet()
    #expect(try driver.step(Self.good.replacing("-0.25", with: "NaN")) == .reply(isLax: true))
    #expect(driver.outcome.observations.firstNonFinite(in: 0..<1)?.element == 1)
    #expect(try driver.step(Self.good.replacing("-0.25", with: "-Infinity")) == .reply(isLax: true))
    #expect(try driver.step(Self.good.replacing("[0.5,-0.25]", with: "[[0.5],[-0.25]]")) == .reply(isLax: true))
    #expect(driver.outcome.observations.flat?.array == .of(.float32, [0.5, -0.25]))
    #expect(try driver.step(Self.good.replacing("-0.25", with: "\"NaN\"")) == .reply(isLax: false), "SPEC 8.4")
    #expect(try driver.step(Self.good) == .reply(isLax: false))
  }

  @Test("SPEC 9.4: an observation outside its bounds is used")
  func outOfBounds() throws {
    var driver = Driver()
    try driver.greet()
    _ = try driver.step(Self.good.replacing("0.5", with: "7"))
    #expect(driver.outcome.observations.flat?.array.double(at: 0) == 7)
  }

  @Test("SPEC 3.4, 3.6: notifications are told from replies, whatever else is in them")
  func notifications() throws {
    var driver = Driver()
    try driver.greet()
    #expect(
      try driver.step(#"{"op":"log","level":"warning","text":"no checkpoints"}"#)
        == .notification(Notification(operation: "log", text: "no checkpoints")))
    for line in [
      #"{"op":"x-unknown"}"#, #"{"op":"x-unknown","text":7}"#, #"{"op":"x-unknown","obs":"?","reward":[],"error":5}"#,
      #"{"text":"","obs":[1,2,3],"op":"x-unknown"}"#,
    ] {
      #expect(try driver.again(line) == .notification(Notification(operation: "x-unknown", text: "")), "\(line)")
    }
    #expect(try driver.again(Self.good) == .reply(isLax: false))
  }

  @Test("SPEC 7.1, 7.6, 4.4: a refusal is read, also with an unknown code, strange members or a null id")
  func refusals() throws {
    func refusal(_ line: String) throws -> ReplyError {
      var driver = Driver()
      try driver.greet()
      return try #require(throws: ReplyError.self) { _ = try driver.step(line) }
    }
    let full = #"{"code":"bad_action","message":"no","fatal":true,"data":{"env":0},"x":[1]}"#
    let expected = ReplyError.refused(ErrorReply(.badAction, "no", isFatal: true, data: ["env": .number(0)]))
    #expect(try refusal(#"{"id":ID,"error":\#(full)}"#) == expected)
    #expect(try refusal(#"{"error":\#(full),"id":null}"#) == expected)
    #expect(try refusal(#"{"obs":null,"reward":"?","error":\#(full),"id":ID}"#) == expected)
    #expect(
      try refusal(#"{"id":ID,"error":{"code":"x-mine","message":"no"}}"#) == .refused(ErrorReply(.internal, "no")))
    #expect(
      try refusal(#"{"id":ID,"error":{"code":5,"message":[],"fatal":"yes","data":7}}"#)
        == .refused(ErrorReply(.internal, "no message")))
    #expect(try "\(refusal(#"{"id":ID,"error":"boom"}"#))".contains("\"error\" cannot be used"))
    #expect(try refusal(#"{"id":5,"error":\#(full)}"#) == .wrongIdentifier(expected: 1, actual: "5"))
    #expect(try refusal(#"{"id":ID,"error":null}"#) == .missing("obs"))
  }
}
