/// A JSON value as a tree, for cold paths: configurations, options, infos.
public indirect enum JSONValue: Equatable, Sendable {
  case object([Member])
  case array([JSONValue])
  case string(String)
  /// A number written without fraction and exponent that an Int64 holds.
  case integer(Int64)
  /// Any other number.
  case number(Double)
  case boolean(Bool)
  case null

  /// One member of an object; members keep the order of the text.
  public struct Member: Equatable, Sendable {
    /// The name, with its escapes resolved.
    public var name: String
    /// The value.
    public var value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// Reads a whole text.
  public init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
    var scanner = JSONScanner(bytes)
    self = try scanner.readValue()
    try scanner.finish()
  }

  /// Reads a whole text.
  public init(parsing text: String) throws(JSONError) {
    var text = text
    let result = text.withUTF8 { utf8 in
      Result { () throws(JSONError) in try JSONValue(parsing: UnsafeRawBufferPointer(utf8)) }
    }
    self = try result.get()
  }

  /// The value as compact JSON text.
  public var text: String {
    var writer = JSONWriter()
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The first member of that name; nil when there is none, or when this is no object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }
}

extension JSONScanner {
  /// Reads a value of any kind as a tree.
  public mutating func readValue() throws(JSONError) -> JSONValue {
    switch try peek() {
    case .object:
      var members: [JSONValue.Member] = []
      try enterObject()
      while let name = try nextName() { members.append(JSONValue.Member(name.string, try readValue())) }
      return .object(members)
    case .array:
      var elements: [JSONValue] = []
      try enterArray()
      while try nextElement() { elements.append(try readValue()) }
      return .array(elements)
    case .string: return .string(try readString())
    case .number: return try readNumberValue()
    case .boolean: return .boolean(try readBool())
    case .null:
      try readNull()
      return .null
    }
  }

  private mutating func readNumberValue() throws(JSONError) -> JSONValue {
    let before = self
    let number = try scanNumber()
    let isWrittenAsInteger = number.last - number.first == number.digitCount + (number.isNegative ? 1 : 0)
    self = before
    // "-0" stays a number, since an integer would lose its sign.
    if isWrittenAsInteger, number.nonFinite == nil, !(number.isNegative && number.significand == 0) {
      var attempt = self
      if let integer = try? attempt.readInteger() {
        self = attempt
        return .integer(integer)
      }
    }
    return .number(try readDouble())
  }
}

extension JSONWriter {
  /// Writes a tree; a number that is not finite becomes null.
  public mutating func write(_ value: JSONValue) {
    switch value {
    case .object(let members):
      beginObject()
      for member in members {
        name(member.name)
        write(member.value)
      }
      endObject()
    case .array(let elements):
      beginArray()
      for element in elements { write(element) }
      endArray()
    case .string(let string): write(string)
    case .integer(let integer): writeUnquoted(integer)
    case .number(let number): if number.isFinite { write(number) } else { writeNull() }
    case .boolean(let boolean): write(boolean)
    case .null: writeNull()
    }
  }
}
