import JSONLines

extension JSONValue {
  /// The elements of a list; nil for anything else.
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

  /// The text of a string; of anything else its JSON.
  var word: String { if case .string(let string) = self { string } else { text } }

  /// The number, whatever its form; nil for anything else.
  var double: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  /// Whether both are the same value of JSON, where `1` is `1.0`.
  func equals(_ other: JSONValue) -> Bool {
    if let number = double, let same = other.double { return number == same }
    return self == other
  }

  /// Whether this is of one of JSON Schema's types; an integer is any number without a fraction.
  func isOf(type: JSONValue) -> Bool {
    switch (self, type.word) {
    case (.object, "object"), (.array, "array"), (.string, "string"), (.boolean, "boolean"), (.null, "null"),
      (.integer, "number"), (.number, "number"), (.integer, "integer"):
      true
    case (.number(let number), "integer"): number == number.rounded()
    default: false
    }
  }

  /// The first clause that a schema's comment names: 6.7 in `SPEC 6.7, 12.6`.
  var clause: String? {
    guard case .string(let comment)? = self["$comment"], comment.hasPrefix("SPEC ") else { return nil }
    let clause = comment.dropFirst(5).prefix { $0.isNumber || $0 == "." }
    return clause.last == "." ? String(clause.dropLast()) : String(clause)
  }
}

/// The regular expressions of the schemas.
enum SchemaPattern {
  static func matches(_ text: String, pattern: String) -> Bool {
    guard let expression = try? Regex(pattern) else { return false }
    return text.contains(expression)
  }
}
