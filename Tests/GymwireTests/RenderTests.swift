import Drawing
import Environments
import Gymwire
import JSONLines
import Testing

/// A lamp that each step switches on or off: white or black.
private struct Lamp: Environment {
  var isOn = false
  let spec = EnvironmentSpec(id: "Lamp")
  let observationSpace = Space.box(Box(shape: [1], low: .same(0), high: .same(1)))
  let actionSpace = Space.discrete(Discrete(2))

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> [Float] {
    isOn = false
    return [0]
  }

  mutating func step(_ action: Int) throws -> Transition<[Float]> {
    isOn = action == 1
    return Transition([isOn ? 1 : 0], reward: 0)
  }

  var scene: Scene? {
    let square = Scene.Shape.polygon(
      [.init(0, 0), .init(1, 0), .init(1, 1), .init(0, 1)], isOn ? .white : .init(0, 0, 0))
    return Scene(horizontal: 0...1, vertical: 0...1, [square])
  }
  static var framesPerSecond: Double { 7 }
}

@Suite("render")
struct RenderTests {
  private static func greeted(_ mode: String?, batch: Int? = nil) throws -> Dialogue {
    let dialogue = Dialogue(features: Feature.allCases) { Lamp() }
    let wish = [mode.map { #""render_mode":"\#($0)""# }, batch.map { #""num_envs":\#($0)"# }].compactMap { $0 }
    let features = batch == nil ? #"["render"]"# : #"["render","batch"]"#
    let hello = try dialogue.reply(
      #"{"id":0,"op":"hello","versions":[1],"features":\#(features),"want":{\#(wish.joined(separator: ","))}}"#)
    #expect(hello["error"] == nil)
    return dialogue
  }

  @Test("SPEC 15.1: hello tells the modes, the one that is granted, and the speed; nothing of it without the feature")
  func hello() throws {
    func hello(_ rest: String) throws -> JSONValue {
      try Dialogue(features: Feature.allCases) { Lamp() }.reply(#"{"id":0,"op":"hello","versions":[1]\#(rest)}"#)
    }
    for (wish, granted) in [
      (#""ansi""#, #""ansi""#), (#""rgb_array""#, #""rgb_array""#), (#""hologram""#, "null"), ("null", "null"),
    ] {
      let reply = try hello(#","features":["render"],"want":{"render_mode":\#(wish)}"#)
      #expect(reply["render_modes"]?.text == #"["rgb_array","ansi"]"#)
      #expect(reply["render_mode"]?.text == granted && reply["render_fps"]?.text == "7")
    }
    let plain = try hello(#","want":{"render_mode":"ansi"}"#)
    #expect(plain["render_modes"] == nil && plain["render_mode"] == nil)
  }

  @Test("SPEC 15.2: a frame has one byte for each element of its shape; env names the sub-environment")
  func frames() throws {
    let dialogue = try Self.greeted("rgb_array", batch: 2)
    #expect(dialogue.code(#"{"id":1,"op":"reset","seed":0}"#) == nil)
    #expect(dialogue.code(#"{"id":2,"op":"step","action":[0,1]}"#) == nil)
    for (index, byte) in [(0, UInt8(0)), (1, 255)] {
      let frame = try dialogue.reply(#"{"id":3,"op":"render","env":\#(index)}"#)["frame"]
      #expect(frame?["shape"]?.text == "[400,600,3]")
      let bytes = try #require(Base64.bytes(of: frame?["b64"]?.string ?? ""))
      #expect(bytes.count == 400 * 600 * 3 && bytes[3 * (200 * 600 + 300)] == byte)
    }
    for env in ["2", "-1", "0.5", "\"0\"", "[0]"] {
      #expect(try dialogue.refusal(#"{"id":4,"op":"render","env":\#(env)}"#) == "4 bad_message", "\(env)")
    }
  }

  @Test("SPEC 15.3: render changes nothing, needs a reset, and needs a mode")
  func rules() throws {
    let dialogue = try Self.greeted("ansi")
    #expect(try dialogue.refusal(#"{"id":1,"op":"render"}"#) == "1 needs_reset")
    #expect(dialogue.code(#"{"id":2,"op":"reset"}"#) == nil)
    let first = dialogue.ask(#"{"id":3,"op":"render","size":[2,4]}"#)
    #expect(first == #"{"id":3,"text":"⣿⣿⣿⣿\n⣿⣿⣿⣿"}"# && dialogue.ask(#"{"id":3,"op":"render","size":[2,4]}"#) == first)
    let without = try Self.greeted(nil)
    #expect(without.code(#"{"id":1,"op":"reset"}"#) == nil)
    #expect(try without.refusal(#"{"id":2,"op":"render","env":9,"size":0}"#) == "2 unknown_op")
  }

  @Test("SPEC 15.4: size is rows and columns, 1 to 4096 each")
  func sizes() throws {
    let dialogue = try Self.greeted("rgb_array")
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    let frame = try dialogue.reply(#"{"id":2,"op":"render","size":[3,5]}"#)["frame"]
    #expect(frame?["shape"]?.text == "[3,5,3]" && frame?["b64"]?.string?.count == 60)
    for size in ["[0,5]", "[3]", "[3,5,3]", "[4097,1]", "7", "[1.5,2]", "[\"3\",5]", "{}"] {
      #expect(try dialogue.refusal(#"{"id":3,"op":"render","size":\#(size)}"#) == "3 bad_message", "\(size)")
    }
  }

  @Test("a frame that is longer than the driver reads is refused, and has changed nothing")
  func tooLarge() throws {
    let dialogue = Dialogue(features: Feature.allCases) { Lamp() }
    let hello = #"{"id":0,"op":"hello","versions":[1],"max_line":65536,"features":["render"],"#
    #expect(dialogue.code(hello + #""want":{"render_mode":"rgb_array"}}"#) == nil)
    #expect(dialogue.code(#"{"id":1,"op":"reset"}"#) == nil)
    let large = try dialogue.reply(#"{"id":4,"op":"render","size":[150,150]}"#)
    #expect(large["error"]?["code"]?.string == "too_large" && large["error"]?["fatal"] != .boolean(true))
    #expect(dialogue.code(#"{"id":5,"op":"step","action":1}"#) == nil)
  }

  @Test("a driver reads texts and frames, and not a notification for one")
  func driver() throws {
    var driver = Driver()
    try driver.greet(#"["render"]"#)
    func ask(_ reply: String, _ driver: inout Driver) throws -> (ServerLine, Rendering?) {
      var rendering: Rendering?
      let line = try Array(reply.utf8).withUnsafeBytes { try driver.conversation.readRender($0, into: &rendering) }
      return (line, rendering)
    }
    driver.conversation.composeRender(RenderRequest(environment: 2, size: RenderSize(rows: 3, columns: 4)))
    #expect(driver.line == #"{"id":1,"op":"render","env":2,"size":[3,4]}"# + "\n")
    let note = try ask(#"{"op":"log","level":"info","text":"drawing"}"#, &driver).0
    #expect(note == .notification(Notification(operation: "log", text: "drawing")))
    #expect(try ask(#"{"id":1,"text":"a\nb"}"#, &driver).1 == .text("a\nb"))
    let picture = try #require(Picture(width: 2, height: 1, bytes: [1, 2, 3, 4, 5, 6]))
    #expect(try ask(#"{"id":1,"frame":{"shape":[1,2,3],"b64":"AQIDBAUG"}}"#, &driver).1 == .frame(picture))
    for broken in [
      #"{"id":1}"#, #"{"id":1,"text":7}"#, #"{"id":1,"frame":{"shape":[1,2,3],"b64":"AQID"}}"#,
      #"{"id":1,"frame":{"shape":[1,2,4],"b64":"AQIDBAUG"}}"#, #"{"id":1,"frame":{"shape":[0,2,3],"b64":""}}"#,
      #"{"id":1,"frame":{"shape":[9223372036854775807,2,3],"b64":"AQIDBAUG"}}"#, #"{"id":1,"frame":"AQIDBAUG"}"#,
    ] {
      #expect(throws: ReplyError.self, "\(broken)") { try ask(broken, &driver) }
    }
  }
}
