import JSONLines

/// Whether a reply is the one that a transcript expects, by the rules of protocol/transcripts/README.md.
public enum ReplyComparison {
  private static let ignored: Set<String> = ["server", "message", "data", "max_line"]
  private static let perElement: Set<String> = ["low", "high", "nvec", "start"]
  private static let singlePrecision: Set<String> = ["obs", "final_obs", "low", "high", "logp", "value"]
  private static let defaults: [String: JSONValue] = [
    "features": .array([]), "num_envs": .integer(1), "info": .object([]), "final_info": .object([]),
    "fatal": .boolean(false), "nondeterministic": .boolean(false), "start": .integer(0),
  ]

  /// Whether both mean the same, where the expected one may have the wildcards `"*"` and `"?"`.
  public static func matches(expected: JSONValue, actual: JSONValue) -> Bool {
    same(canonical(expected), canonical(actual))
  }

  private static func same(_ expected: JSONValue, _ actual: JSONValue) -> Bool {
    switch (expected, actual) {
    case (.string("*"), _), (.string("?"), _): true
    case (.object(let members), .object(let others)):
      members.allSatisfy { $0.value == .string("?") || actual[$0.name] != nil }
        && others.allSatisfy { other in expected[other.name].map { same($0, other.value) } ?? false }
    case (.array(let elements), .array(let others)):
      elements.count == others.count && zip(elements, others).allSatisfy { same($0, $1) }
    default: expected == actual
    }
  }

  /// Leaves out what is optional, and turns every number into the one that it stands for.
  private static func canonical(_ value: JSONValue, within name: String = "") -> JSONValue {
    switch value {
    case .object(let members):
      if members.count == 1, case .string(let text)? = value["b64"] { return decoded(text, within: name) }
      return .object(
        members.filter { isMeant($0, in: value) }.map { member in
          let inner = canonical(member.value, within: member.name)
          return JSONValue.Member(member.name, perElement.contains(member.name) ? collapsed(inner) : inner)
        }
      )
    case .array(let elements): return .array(elements.map { canonical($0, within: name) })
    case .integer(let integer) where !singlePrecision.contains(name): return .integer(integer)
    case .integer(let integer): return rounded(Double(integer), within: name)
    case .number(let number): return rounded(number, within: name)
    default: return value
    }
  }

  private static func isMeant(_ member: JSONValue.Member, in object: JSONValue) -> Bool {
    if ignored.contains(member.name) { return false }
    if member.value == .null { return member.name == "id" }
    if member.name == "dtype" {
      return member.value != .string(object["type"] == .string("Box") ? "float32" : "int64")
    }
    return defaults[member.name] != member.value
  }

  private static func rounded(_ number: Double, within name: String) -> JSONValue {
    if singlePrecision.contains(name) { return .number(Double(Float(number)) + 0) }
    return Int64(exactly: number).map(JSONValue.integer) ?? .number(number)
  }

  /// One number for all elements is the same as a list of equal ones.
  private static func collapsed(_ value: JSONValue) -> JSONValue {
    guard case .array(let elements) = value, let first = elements.first, elements.allSatisfy({ $0 == first }) else {
      return value
    }
    return first
  }

  private static func decoded(_ text: String, within name: String) -> JSONValue {
    let isSingle = singlePrecision.contains(name)
    let bytes = Base64.bytes(of: text)
    let width = isSingle ? 4 : 8
    guard let bytes, bytes.count % width == 0 else { return .string("base64 that is none: \(text)") }
    return .array(
      stride(from: 0, to: bytes.count, by: width).map { start in
        let bits = bytes[start..<start + width].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        // Policies in the dialogues have actions of int64 where they are sent as bytes.
        if name == "action" { return .integer(Int64(bitPattern: bits)) }
        return rounded(isSingle ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits), within: name)
      }
    )
  }
}
