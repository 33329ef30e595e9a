/// The six kinds of JSON value (RFC 8259, section 3).
public enum JSONKind: Sendable, Equatable {
  case object, array, string, number, boolean, null

  /// The kind with its article, as it reads in a sentence: "an object".
  public var phrase: String {
    switch self {
    case .object: "an object"
    case .array: "an array"
    case .string: "a string"
    case .number: "a number"
    case .boolean: "a boolean"
    case .null: "null"
    }
  }
}
