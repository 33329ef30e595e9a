import Environments
import JSONLines

extension PlainValue {
  /// Reads a whole text.
  public init(parsing text: String) throws(JSONError) {
    var text = text
    let result = text.withUTF8 { utf8 in
      Result { () throws(JSONError) in
        var scanner = JSONScanner(UnsafeRawBufferPointer(utf8))
        let value = try PlainValue(from: &scanner)
        try scanner.finish()
        return value
      }
    }
    self = try result.get()
  }

  /// Reads any JSON value.
  public init(from scanner: inout JSONScanner) throws(JSONError) {
    switch try scanner.peek() {
    case .null:
      try scanner.readNull()
      self = .null
    case .boolean: self = .boolean(try scanner.readBool())
    case .number: self = .number(try scanner.readDouble())
    case .string: self = .string(try scanner.readString())
    case .array:
      var values: [PlainValue] = []
      try scanner.enterArray()
      while try scanner.nextElement() { values.append(try PlainValue(from: &scanner)) }
      self = .list(values)
    case .object:
      var members: [String: PlainValue] = [:]
      try scanner.enterObject()
      while let name = try scanner.nextName() { members[name.string] = try PlainValue(from: &scanner) }
      self = .object(members)
    }
  }
}

extension JSONWriter {
  /// Writes plain data; keys are sorted, so that the same data gives the same bytes, and what is not finite is null.
  public mutating func write(_ value: PlainValue) {
    switch value {
    case .null: writeNull()
    case .boolean(let flag): write(flag)
    case .number(let number): if number.isFinite { write(number) } else { writeNull() }
    case .string(let text): write(text)
    case .list(let values):
      beginArray()
      for value in values { write(value) }
      endArray()
    case .object(let members):
      beginObject()
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        name(key)
        write(value)
      }
      endObject()
    }
  }
}
