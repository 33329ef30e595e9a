import Gymwire
import Testing

/// The table of protocol/SPEC.md 7.3, row by row and in its order.
@Suite("What a server refuses, and in which order it looks")
struct ErrorOrderTests {
  @Test(
    "SPEC 7.3.1, 2.6, 2.8: a line that is not one JSON object is bad_json with id null",
    arguments: [
      "hello", "{", "}", "[]", "[{}]", "7", "null", "\"{}\"", " {}", "{}x", "{\"id\":1,}",
      "{\"id\":1 \"op\":\"close\"}",
      "{'id':1}", "{id:1}", "{\"id\":01}", "{\"id\":1,\"op\":\"close\"", "{\"id\":1,\"op\":\"cl\u{0}se\"}",
      "{\"id\":1,\"op\":\"\\ud83d\"}", "{\"id\":1,\"op\":\"close\"}}", "\u{feff}{\"id\":1,\"op\":\"close\"}",
      "{\"id\":1,\"op\":\"step\",\"action\":NaN}", "{\"id\":1,\"op\":\"step\",\"action\":+1}",
    ])
  func notAnObject(line: String) throws {
    #expect(try Dialogue().refusal(line) == "null bad_json")
    #expect(try Dialogue.greeted().refusal(line) == "null bad_json")
  }

  @Test("SPEC 2.8: bytes that are not UTF-8 are bad_json")
  func notUTF8() {
    for bytes in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]] {
      let line = Array(#"{"id":1,"op":"close","x":""#.utf8) + bytes + Array("\"}".utf8)
      #expect(Dialogue.greeted().ask(bytes: line).hasPrefix(#"{"id":null,"error":{"code":"bad_json""#))
    }
  }

  @Test("SPEC 2.9, 7.10: nesting of 64 is read, of 65 and of 100,000 refused, and the next line is served")
  func nesting() throws {
    let dialogue = Dialogue.greeted()
    func line(_ depth: Int, _ open: String, _ close: String) -> String {
      #"{"id":1,"op":"reset","x":"#
        + String(repeating: open, count: depth - 1) + "1" + String(repeating: close, count: depth - 1) + "}"
    }
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      #expect(dialogue.code(line(64, open, close)) == nil)
      #expect(try dialogue.refusal(line(65, open, close)) == "null bad_json")
      #expect(try dialogue.refusal(line(100_000, open, close)) == "null bad_json")
      #expect(try dialogue.refusal(line(100_000, open, "")) == "null bad_json")
    }
    #expect(dialogue.code(#"{"id":2,"op":"reset"}"#) == nil)
  }

  @Test("SPEC 7.3.2, 2.11: a line that is too long is answered without an id, and the next one is served")
  func tooLong() {
    let dialogue = Dialogue.greeted()
    let reply = String(decoding: dialogue.conversation.answerTooLong(limit: 67_108_864), as: UTF8.self)
    #expect(
      reply == #"{"id":null,"error":{"code":"too_large","message":"the line is longer than 67108864 bytes"}}"# + "\n")
    #expect(!dialogue.conversation.isClosed)
    #expect(dialogue.code(#"{"id":2,"op":"reset"}"#) == nil)
  }

  @Test("a line of 10 MB is read like any other")
  func tenMegabytes() throws {
    let dialogue = Dialogue.greeted()
    let padding = String(repeating: "0123456789", count: 1 << 20)
    #expect(dialogue.code(#"{"id":1,"op":"reset","x":"\#(padding)"}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":2,"op":"step","x":"\#(padding)","action":9}"#) == "2 bad_action")
    #expect(try dialogue.refusal(#"{"id":3,"op":"\#(padding)"}"#) == "3 unknown_op")
    #expect(dialogue.ask(#"{"id":3,"op":"\#(padding)"}"#).utf8.count < 200, "an answer repeats little of a request")
  }

  @Test(
    "SPEC 7.3.3, 4.2, 4.7: an id that is missing or unusable is bad_message with id null",
    arguments: [
      #"{}"#, #"{"op":"reset"}"#, #"{"id":null,"op":"reset"}"#, #"{"id":"1","op":"reset"}"#, #"{"id":-1,"op":"reset"}"#,
      #"{"id":0.5,"op":"reset"}"#, #"{"id":true,"op":"reset"}"#, #"{"id":[1],"op":"reset"}"#,
      #"{"id":{},"op":"reset"}"#,
      #"{"id":9007199254740992,"op":"reset"}"#, #"{"id":1e300,"op":"reset"}"#, #"{"id":1e999,"op":"reset"}"#,
      #"{"id":"9007199254740993","op":"reset"}"#,
    ])
  func unusableIdentifier(line: String) throws {
    #expect(try Dialogue.greeted().refusal(line) == "null bad_message")
  }

  @Test("SPEC 3.6: a notification from a driver is bad_message with id null")
  func notification() throws {
    #expect(try Dialogue.greeted().refusal(#"{"op":"log","text":"hi"}"#) == "null bad_message")
  }

  @Test(
    "SPEC 7.3.3, 7.4: a usable id is echoed where op or a required member is missing or misshapen",
    arguments: [
      #"{"id":7}"#, #"{"id":7,"op":null}"#, #"{"id":7,"op":5}"#, #"{"id":7,"op":["reset"]}"#, #"{"op":{},"id":7}"#,
      #"{"id":7,"op":"hello"}"#, #"{"id":7,"op":"hello","versions":null}"#, #"{"id":7,"op":"hello","versions":1}"#,
      #"{"id":7,"op":"hello","versions":"1"}"#, #"{"id":7,"op":"hello","versions":{"0":1}}"#,
      #"{"id":7,"op":"hello","versions":["1"]}"#, #"{"id":7,"op":"hello","versions":[1.5]}"#,
      #"{"id":7,"op":"hello","versions":[null]}"#, #"{"id":7,"op":"hello","versions":[1e300]}"#,
      #"{"id":7,"op":"step"}"#,
    ])
  func missingMember(line: String) throws {
    #expect(try Dialogue().refusal(line) == "7 bad_message")
  }

  @Test(
    "SPEC 7.3.3: optional members of hello of the wrong type are bad_message",
    arguments: [
      #""features":"batch""#, #""features":{}"#, #""features":[1]"#, #""want":3"#, #""want":[]"#,
      #""want":{"num_envs":0}"#, #""want":{"num_envs":-2}"#, #""want":{"num_envs":"2"}"#, #""want":{"num_envs":1.5}"#,
      #""max_line":65535"#, #""max_line":-1"#, #""max_line":"70000""#, #""max_line":70000.5"#, #""client":7"#,
      #""client":"pgagent""#, #""client":{"name":7}"#,
    ])
  func wrongOptionalMember(member: String) throws {
    let dialogue = Dialogue()
    #expect(try dialogue.refusal(#"{"id":7,"op":"hello","versions":[1],\#(member)}"#) == "7 bad_message")
    #expect(dialogue.code(#"{"id":8,"op":"hello","versions":[1]}"#) == nil, "a hello that was refused may be repeated")
  }

  @Test(
    "SPEC 7.3.4: an op that is not there, of another role or of a feature that is off is unknown_op, also before hello",
    arguments: ["jump", "", "Step", "step ", "render", "act", "begin", "end", "abandon", "save", "log_action", "x-y"])
  func unknownOperation(name: String) throws {
    #expect(try Dialogue().refusal(#"{"id":7,"op":"\#(name)"}"#) == "7 unknown_op")
    #expect(try Dialogue.greeted().refusal(#"{"id":7,"op":"\#(name)","action":null,"seed":-1}"#) == "7 unknown_op")
  }

  @Test("an unknown op of a million combining marks is not repeated to the driver")
  func longOperation() {
    let name = "a" + String(repeating: "\u{301}", count: 1_000_000)
    #expect(Dialogue().ask(#"{"id":7,"op":"\#(name)"}"#).utf8.count < 400)
  }

  @Test("SPEC 7.3.5: anything but hello is not_ready before hello, and after one that failed")
  func notReady() throws {
    let dialogue = Dialogue()
    for _ in 0..<2 {
      for request in [#""reset""#, #""reset","seed":-1"#, #""step","action":99"#, #""close""#] {
        #expect(try dialogue.refusal(#"{"id":7,"op":\#(request)}"#) == "7 not_ready")
      }
      #expect(try dialogue.refusal(#"{"id":7,"op":"hello","versions":[2]}"#) == "7 unsupported_version")
    }
    #expect(!dialogue.conversation.isClosed)
  }

  @Test("SPEC 7.3.3 before 7.3.5: a step without an action is bad_message even before hello")
  func missingActionFirst() throws {
    #expect(try Dialogue().refusal(#"{"id":7,"op":"step"}"#) == "7 bad_message")
  }

  @Test("SPEC 7.3.6, 6.9: a step before reset or after the end is needs_reset, as often as it is tried")
  func needsReset() throws {
    let dialogue = Dialogue.greeted()
    for _ in 0..<2 {
      for action in ["0", "99", "null", "\"left\""] {
        #expect(try dialogue.refusal(#"{"id":7,"op":"step","action":\#(action)}"#) == "7 needs_reset")
        #expect(try dialogue.refusal(#"{"id":8,"op":"step","action":\#(action)}"#) == "8 needs_reset")
      }
      #expect(dialogue.code(#"{"id":9,"op":"reset"}"#) == nil)
      #expect(try dialogue.reply(#"{"id":10,"op":"step","action":2}"#)["terminated"] == .boolean(true))
    }
  }

  @Test(
    "SPEC 7.3.7, 4.7, 8.2: an action that cannot be used is bad_action, whatever its JSON type",
    arguments: [
      "3", "-1", "0.5", "1e300", "1e999", "-1e999", "9007199254740993", "\"left\"", "\"1\"", "\"9223372036854775807\"",
      "\"NaN\"", "true", "null", "[1]", "[]", "{}", "{\"b64\":\"AQAAAAAAAAA=\"}", "\"\"",
    ])
  func badAction(action: String) throws {
    let dialogue = Dialogue.greeted()
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    #expect(try dialogue.refusal(#"{"id":7,"op":"step","action":\#(action)}"#) == "7 bad_action")
  }

  @Test("SPEC 8.2: integers may be written in other ways", arguments: ["1", "1.0", "1e0", "10E-1", "0.1e1", "1.000"])
  func otherIntegers(action: String) throws {
    let dialogue = Dialogue.greeted()
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    #expect(try dialogue.reply(#"{"id":2,"op":"step","action":\#(action)}"#)["reward"]?.double == 1.5)
    #expect(try dialogue.reply(#"{"id":3,"op":"step","action":-0}"#)["reward"]?.double == 0.5)
  }

  @Test(
    "SPEC 7.3.8, 6.2: a seed that cannot be used is bad_seed, before options are looked at",
    arguments: [
      "-1", "1.5", "\"42\"", "true", "[42]", "{}", "9007199254740992", "1e16", "1e300", "1e999", "\"9007199254740993\"",
      "\"NaN\"", "[]",
    ])
  func badSeed(seed: String) throws {
    let dialogue = Dialogue.greeted()
    #expect(try dialogue.refusal(#"{"id":7,"op":"reset","options":7,"seed":\#(seed)}"#) == "7 bad_seed")
    #expect(try dialogue.refusal(#"{"id":8,"op":"step","action":0}"#) == "8 needs_reset")
  }

  @Test(
    "SPEC 7.3.9: options that are no object, or that the environment refuses, are bad_options",
    arguments: [
      "7", "[]", "\"x\"", "true", "{\"steps\":-1}", "{\"steps\":\"1\"}", "{\"steps\":0.5}", "{\"steps\":null}",
    ])
  func badOptions(options: String) throws {
    let dialogue = Dialogue.greeted()
    #expect(try dialogue.refusal(#"{"id":7,"op":"reset","options":\#(options)}"#) == "7 bad_options")
    #expect(try dialogue.refusal(#"{"id":8,"op":"step","action":0}"#) == "8 needs_reset")
  }
}
