/// Plain JSON-like data that no space describes: `info`, `options`.
public indirect enum PlainValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case list([PlainValue])
  case object([String: PlainValue])

  /// The number, if this is one.
  public var number: Double? { if case .number(let value) = self { value } else { nil } }
  /// The string, if this is one.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The elements, if this is a list.
  public var list: [PlainValue]? { if case .list(let value) = self { value } else { nil } }
}
