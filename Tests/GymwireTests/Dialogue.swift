import Environments
import Gymwire
import JSONLines
import Testing

/// A conversation with a server in this process, in text.
final class Dialogue {
  let conversation: ServerConversation

  init(with conversation: ServerConversation) { self.conversation = conversation }

  convenience init<Served: Environment>(
    features: [Feature] = [.batch, .b64],
    serving make: @escaping () -> Served
  ) {
    self.init(
      with: EnvironmentConversation(serving: EnvironmentArray(make: make), serverName: "test", features: features))
  }

  /// A conversation about a ``Lottery`` that has not begun.
  convenience init(features: [Feature] = [.batch, .b64]) { self.init(features: features) { Lottery() } }

  /// A conversation about a ``Lottery`` in which hello has succeeded.
  static func greeted(_ features: String..., want: Int? = nil) -> Dialogue {
    let dialogue = Dialogue()
    dialogue.greet(features, want: want)
    return dialogue
  }

  /// A conversation about N batched ``Lottery``s that have been reset with a seed.
  static func batch(_ count: Int, seed: Int = 0, _ features: String...) -> Dialogue {
    let dialogue = Dialogue()
    dialogue.greet(["batch"] + features, want: count)
    #expect(dialogue.code(#"{"id":1,"op":"reset","seed":\#(seed)}"#) == nil)
    return dialogue
  }

  func greet(_ features: [String] = [], want: Int? = nil, maximumLine: Int? = nil) {
    let names = features.map { "\"\($0)\"" }.joined(separator: ",")
    let wish = want.map { ",\"want\":{\"num_envs\":\($0)}" } ?? ""
    let limit = maximumLine.map { ",\"max_line\":\($0)" } ?? ""
    #expect(code(#"{"id":0,"op":"hello","versions":[1],"features":[\#(names)]\#(wish)\#(limit)}"#) == nil)
  }

  /// The reply to one line, without its end.
  func ask(_ line: String) -> String { ask(bytes: Array(line.utf8)) }

  func ask(bytes: [UInt8]) -> String {
    let reply = bytes.withUnsafeBytes { String(decoding: conversation.answer($0), as: UTF8.self) }
    #expect(reply.last == "\n" && !reply.dropLast().contains("\n"), "one line and its end are written: \(reply)")
    return String(reply.dropLast())
  }

  /// The reply to one line, as JSON.
  func reply(_ line: String) throws -> JSONValue { try JSONValue(parsing: ask(line)) }

  /// The code of the error in the reply; nil when there is none.
  func code(_ line: String) -> String? {
    guard let reply = try? reply(line) else { return "no JSON" }
    return reply["error"]?["code"]?.string
  }

  /// The id in the reply, as text, and the code of its error.
  func refusal(_ line: String) throws -> String {
    let reply = try reply(line)
    let code = try #require(reply["error"]?["code"]?.string, "this was not refused: \(line) but got \(reply.text)")
    #expect(reply["error"]?["message"]?.string?.isEmpty == false)
    return "\(try #require(reply["id"]).text) \(code)"
  }
}

extension JSONValue {
  var string: String? { if case .string(let text) = self { text } else { nil } }
  var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
  var names: [String]? { if case .object(let members) = self { members.map(\.name) } else { nil } }
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
  var doubles: [Double]? { array?.compactMap(\.double) }
}

/// A seeded generator, so that a failure can be repeated (SplitMix64; Steele, Lea and Flood 2014).
struct Generator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
