import Environments
import JSONLines

// Parts of an agent on the wire (protocol/WORKERS.md 21.6): a list of objects, whose arrays are base64.
extension JSONWriter {
  mutating func write(_ parts: [PartNumbers]) {
    beginArray()
    for part in parts {
      beginObject()
      name("name")
      write(part.name)
      if !part.counts.isEmpty {
        name("counts")
        beginArray()
        for count in part.counts { write(count) }
        endArray()
      }
      write("doubles", part.doubles)
      write("floats", part.floats)
      write("words", part.words)
      endObject()
    }
    endArray()
  }

  private mutating func write(_ member: StaticString, _ arrays: [[some BitwiseCopyable]]) {
    guard !arrays.isEmpty else { return }
    name(member)
    beginArray()
    for array in arrays {
      beginObject()
      name("b64")
      // The wire is little-endian, as is every processor that this is built for; a copy would cost more than the encoding.
      array.withUnsafeBytes { Base64.encode($0, into: &self) }
      endObject()
    }
    endArray()
  }
}

extension JSONScanner {
  /// Reads parts.
  mutating func parts() throws(ValueError) -> [PartNumbers] {
    var parts: [PartNumbers] = []
    try enterList(expected: "a list of parts")
    while try hasElement() {
      var part = PartNumbers("")
      try enterMembers(expected: "an object for each part")
      while let name = try nextMember() {
        switch name {
        case "name": part.name = try text()
        case "counts":
          try enterList(expected: "a list of integers")
          while try hasElement() { part.counts.append(try integer()) }
        case "doubles": part.doubles = try arrays(of: Double.self)
        case "floats": part.floats = try arrays(of: Float.self)
        case "words": part.words = try arrays(of: UInt64.self)
        default: try skip()
        }
      }
      guard !part.name.isEmpty else { throw ValueError("a part has no name") }
      parts.append(part)
    }
    return parts
  }

  private mutating func arrays<Number: BitwiseCopyable>(of type: Number.Type) throws(ValueError) -> [[Number]] {
    var arrays: [[Number]] = []
    try enterList(expected: "a list of arrays in base64")
    while try hasElement() { arrays.append(try numbersInBase64(type)) }
    return arrays
  }
}
