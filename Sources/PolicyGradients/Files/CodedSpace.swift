import Environments
import JSONLines
import SpaceCoding

/// A space within a file that Foundation reads and writes, in the JSON form and by the rules of the protocol.
///
/// Source: protocol/SPEC.md, "Spaces".
struct CodedSpace: Codable {
  let space: Space

  init(_ space: Space) {
    self.space = space
  }

  init(from decoder: any Decoder) throws {
    let description = try CodedValue(from: decoder).value
    do throws(SpaceError) {
      space = try Space(description, path: decoder.codingPath.last?.stringValue ?? "space")
    } catch {
      throw TrainingError.unusableFile(what: "space in the file", reason: error.description)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var writer = JSONWriter()
    writer.write(space)
    var scanner = JSONScanner(writer.bytes)
    try CodedValue(value: PlainValue(from: &scanner)).encode(to: encoder)
  }
}

/// Any JSON value within a file that Foundation reads and writes.
private struct CodedValue: Codable {
  let value: PlainValue

  init(value: PlainValue) {
    self.value = value
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value =
      if container.decodeNil() {
        .null
      } else if let flag = try? container.decode(Bool.self) {
        .boolean(flag)
      } else if let number = try? container.decode(Double.self) {
        .number(number)
      } else if let text = try? container.decode(String.self) {
        .string(text)
      } else if let list = try? container.decode([CodedValue].self) {
        .list(list.map(\.value))
      } else {
        .object(try container.decode([String: CodedValue].self).mapValues(\.value))
      }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch value {
    case .null: try container.encodeNil()
    case .boolean(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .string(let text): try container.encode(text)
    case .list(let values): try container.encode(values.map(CodedValue.init))
    case .object(let members): try container.encode(members.mapValues(CodedValue.init))
    }
  }
}
