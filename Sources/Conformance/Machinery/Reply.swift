import JSONLines

/// A line that came for a line that was sent; it is a message of the protocol.
struct Reply {
  let sent: String
  let line: [UInt8]
  let value: JSONValue

  /// The code of the error; nil if it is none.
  var code: String? { value["error"]?["code"]?.word }

  /// Whether the episode is over after this step.
  var isEnd: Bool { value["terminated"] == .boolean(true) || value["truncated"] == .boolean(true) }

  var text: String { String(decoding: line, as: UTF8.self) }

  /// Lets `body` read a member's value in its own bytes.
  func read<Value>(_ name: String, _ body: (inout JSONScanner) throws -> Value) throws -> Value {
    try line.withUnsafeBytes { bytes in
      var scanner = JSONScanner(bytes)
      try scanner.enterObject()
      while let member = try scanner.nextName() {
        if member.string == name { return try body(&scanner) }
        try scanner.skipValue()
      }
      throw departure(clause: "4.8", expected: "a member \"\(name)\"", came: text)
    }
  }

  func departure(clause: String, expected: String, came: String? = nil) -> Departure {
    Departure(clause: clause, sent: sent, expected: expected, came: came ?? text)
  }

  /// What two replies must have in common to tell the same: their ids may differ, and how their JSON is written.
  var meaning: JSONValue {
    guard case .object(let members) = value else { return value.inOneForm }
    return JSONValue.object(members.filter { $0.name != "id" && $0.value != .null }).inOneForm
  }
}

extension JSONValue {
  /// The same value with the members of objects sorted, for they have no order, and each number written in one way.
  var inOneForm: JSONValue {
    switch self {
    case .object(let members):
      .object(members.map { .init($0.name, $0.value.inOneForm) }.sorted { $0.name < $1.name })
    case .array(let elements): .array(elements.map(\.inOneForm))
    case .number(let number): Int64(exactly: number).map(JSONValue.integer) ?? self
    default: self
    }
  }
}
