import Environments
import Gymwire
import JSONLines
import Testing

/// A driver's side with an outcome of its own, in text; hello has been composed.
struct Driver: ~Copyable {
  var conversation = DriverConversation()
  var outcome: StepBatch
  let actions: ValueBatch

  static let observation = Space.box(Box(shape: [2], low: .same(-1), high: .same(1)))

  init(count: Int = 1, observation: Space = Self.observation, action: Space = .discrete(Discrete(3))) {
    outcome = StepBatch(observationSpace: observation, count: count)
    actions = ValueBatch(action, count: count)
    conversation.composeHello(HelloRequest(client: "me"))
  }

  var line: String { String(decoding: conversation.line, as: UTF8.self) }
  var rows: Range<Int> { 0..<outcome.count }

  static let spaces =
    #""obs_space":{"type":"Box","shape":[2],"low":-1,"high":1},"action_space":{"type":"Discrete","n":3}"#

  mutating func greet(_ features: String = "[]", count: Int = 1) throws {
    _ = try hello(#"{"id":0,"version":1,"role":"env","features":\#(features),"num_envs":\#(count),\#(Self.spaces)}"#)
  }

  mutating func hello(_ line: String) throws -> ServerLine {
    try Array(line.utf8).withUnsafeBytes { try conversation.readHello($0) }
  }

  /// Composes a step, whose id is 1 or more, and reads the line as its reply; `ID` in it stands for the id.
  mutating func step(_ line: String) throws -> ServerLine {
    conversation.composeStep(actions, rows: rows)
    return try again(line)
  }

  mutating func again(_ line: String) throws -> ServerLine {
    let id = try #require(try JSONValue(parsing: self.line)["id"]?.text)
    return try read(bytes: Array(line.replacing("ID", with: id).utf8))
  }

  mutating func read(bytes: [UInt8]) throws -> ServerLine {
    try bytes.withUnsafeBytes { try conversation.readStep($0, into: outcome, rows: rows) }
  }
}

extension String {
  func replacing(_ mark: String, with text: String) -> String {
    split(separator: mark, omittingEmptySubsequences: false).joined(separator: text)
  }
}
