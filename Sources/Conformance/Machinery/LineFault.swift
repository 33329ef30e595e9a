import JSONLines

/// Why a line is no message, before anybody looks at its members.
struct LineFault {
  let clause: String
  let expected: String
  let came: String

  /// What is wrong at the line's very beginning; nil if it begins as it should.
  init?(beginningOf line: [UInt8]) {
    guard line.starts(with: [0xEF, 0xBB, 0xBF]) else { return nil }
    clause = "2.6"
    expected = "a line that begins with {"
    came = "a byte order mark (U+FEFF) before \(String(decoding: line.dropFirst(3), as: UTF8.self))"
  }

  /// A name that occurs twice in one object of a message; nil if none does.
  init?(namesOf message: JSONValue) {
    guard let name = message.repeatedName else { return nil }
    clause = "2.7"
    expected = "each name once in an object"
    came = "\(JSONValue.string(name).text) twice in \(message.text)"
  }
}

extension JSONValue {
  /// The first name that occurs twice in one object.
  fileprivate var repeatedName: String? {
    switch self {
    case .object(let members):
      var seen: Set<String> = []
      for member in members {
        if !seen.insert(member.name).inserted { return member.name }
        if let name = member.value.repeatedName { return name }
      }
      return nil
    case .array(let elements): return elements.lazy.compactMap(\.repeatedName).first
    default: return nil
    }
  }
}
