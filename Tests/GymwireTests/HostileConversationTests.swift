import Environments
import Gymwire
import JSONLines
import Testing

@Suite("Hostile drivers")
struct HostileConversationTests {
  static let lines = [
    #"{"id":0,"op":"hello","versions":[1],"client":{"name":"x","version":"1"},"features":["batch","b64"],"want":{"num_envs":2}}"#,
    #"{"id":1,"op":"reset","seed":[1,null],"envs":[1,0],"options":{"steps":1,"x":{"y":[1,2,"\ud83c\udf88"]}}}"#,
    #"{"id":2,"op":"step","action":[1,2]}"#, #"{"id":3,"op":"step","action":{"b64":"AQAAAAAAAAAAAAAAAAAAAA=="}}"#,
    #"{"id":4,"op":"reset","envs":[1],"seed":9007199254740989}"#,
  ]

  @Test("SPEC 7.10: a line cut at any byte is answered once, and the next one is served")
  func truncated() {
    for (index, line) in Self.lines.enumerated() {
      let bytes = Array(line.utf8)
      for length in 0..<bytes.count {
        let dialogue = Dialogue()
        for earlier in Self.lines[..<index] { #expect(dialogue.code(earlier) == nil) }
        #expect(dialogue.ask(bytes: Array(bytes[..<length])).hasPrefix(#"{"id":null,"error":{"code":"bad_json""#))
        #expect(dialogue.code(line) == nil)
      }
    }
  }

  @Test("SPEC 7.10: random changes of real lines never stop a server, and every answer is one valid line")
  func mutated() throws {
    var generator = Generator(seed: 3)
    var dialogue = Dialogue()
    var refusals = 0
    for round in 0..<20_000 {
      if round % 50 == 0 || dialogue.conversation.isClosed { dialogue = Dialogue() }
      if round % 50 == 25 { for line in Self.lines { _ = dialogue.ask(line) } }
      var bytes = Array(Self.lines[Int.random(in: 0..<Self.lines.count, using: &generator)].utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      bytes.removeAll { $0 == 0x0A }
      let reply = try JSONValue(parsing: dialogue.ask(bytes: bytes))
      let names = try #require(reply.names)
      #expect(names.first == "id")
      if names.contains("error") { refusals += 1 }
    }
    #expect(refusals > 1000 && refusals < 20_000)
  }

  @Test("random JSON in place of every member never stops a server")
  func randomMembers() throws {
    var generator = Generator(seed: 4)
    let names = ["id", "op", "versions", "features", "want", "max_line", "seed", "envs", "options", "action", "client"]
    let operations = ["hello", "reset", "step", "close", "render"].map { JSONValue.string($0) }
    var dialogue = Dialogue.batch(2, "b64")
    for round in 0..<20_000 {
      if round % 100 == 0 || dialogue.conversation.isClosed {
        dialogue = round % 200 == 0 ? Dialogue.batch(2, "b64") : Dialogue()
      }
      var members = names.filter { _ in Bool.random(using: &generator) }.map {
        JSONValue.Member($0, .random(depth: 3, using: &generator))
      }
      if Bool.random(using: &generator), let operation = operations.randomElement(using: &generator) {
        members.append(.init("op", operation))
        members.append(.init("id", .integer(Int64(round))))
      }
      _ = try JSONValue(parsing: dialogue.ask(JSONValue.object(members).text))
    }
  }
}

/// Changes, removes, inserts or repeats some bytes.
func mutate(_ bytes: inout [UInt8], _ generator: inout Generator) {
  guard !bytes.isEmpty else { return }
  let place = Int.random(in: 0..<bytes.count, using: &generator)
  let hostile = Array("{}[]\",:\\-+.eE0123456789nulltruefalseNaN\u{7f}".utf8) + [0x00, 0xFF, 0xC3, 0xED]
  switch Int.random(in: 0..<6, using: &generator) {
  case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
  case 1: bytes[place] = hostile.randomElement(using: &generator) ?? 0
  case 2: bytes.remove(at: place)
  case 3: bytes.insert(hostile.randomElement(using: &generator) ?? 0, at: place)
  case 4:
    let end = min(bytes.count, place + Int.random(in: 1...8, using: &generator))
    bytes.insert(contentsOf: bytes[place..<end], at: place)
  default:
    let end = min(bytes.count, place + Int.random(in: 1...8, using: &generator))
    bytes.removeSubrange(place..<end)
  }
}

extension JSONValue {
  /// A random value with awkward leaves.
  static func random(depth: Int, using generator: inout Generator) -> JSONValue {
    let leaves: [JSONValue] = [
      .null, .boolean(true), .boolean(false), .integer(0), .integer(1), .integer(-1), .integer(.max), .integer(.min),
      .integer(9_007_199_254_740_991), .number(0.5), .number(1e300), .number(-1e300), .number(.leastNonzeroMagnitude),
      .string(""),
      .string("NaN"), .string("Infinity"), .string("1"), .string("9223372036854775807"), .string("="), .string("batch"),
      .string("Box"), .string("🎈\u{0}"), .array([]), .object([]), .integer(2), .array([.integer(1)]),
      .object([.init("b64", .string("="))]), .object([.init("num_envs", .number(1e18))]),
    ]
    let kind = Int.random(in: 0..<6, using: &generator)
    guard depth > 0, kind > 2 else { return leaves.randomElement(using: &generator) ?? .null }
    let count = Int.random(in: 0..<4, using: &generator)
    if kind == 3 { return .array((0..<count).map { _ in random(depth: depth - 1, using: &generator) }) }
    let names = ["b64", "num_envs", "type", "shape", "n", "spaces", "low", "high", "steps", "breaks_at", "env"]
    return .object(
      (0..<count).map { _ in
        Member(names.randomElement(using: &generator) ?? "", random(depth: depth - 1, using: &generator))
      })
  }
}
