import Environments

/// A flat space, or a Dict or Tuple of them, in the JSON form that the protocol gives spaces.
///
/// Source: protocol/SPEC.md, "Spaces". Other kinds cannot be part of a policy and are refused.
struct CodedSpace: Codable {
  let space: Space

  init(_ space: Space) {
    self.space = space
  }

  private enum Keys: String, CodingKey {
    case type, shape, dtype, low, high, n, start, nvec, spaces
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    let kind = try container.decode(String.self, forKey: .type)
    switch kind {
    case "Box": space = .box(try Self.box(container))
    case "Discrete":
      space = .discrete(
        Discrete(
          try container.decode(Int.self, forKey: .n),
          start: try container.decodeIfPresent(Int.self, forKey: .start) ?? 0,
          type: try Self.type(container, standard: .int64)
        )
      )
    case "MultiBinary": space = .multiBinary(shape: try Self.shape(container).shape)
    case "MultiDiscrete": space = .multiDiscrete(try Self.multiDiscrete(container))
    case "Tuple": space = .tuple(try container.decode([CodedSpace].self, forKey: .spaces).map(\.space))
    case "Dict":
      let members = try container.decode([CodedMember].self, forKey: .spaces)
      space = .dict(members.map { Space.Member($0.key, $0.space) })
    default:
      throw TrainingError.unusableFile(what: "space in the file", reason: "a policy cannot be made for a \(kind)")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(space.kind, forKey: .type)
    switch space {
    case .box(let box):
      try container.encode(box.shape, forKey: .shape)
      try container.encode(box.type.rawValue, forKey: .dtype)
      try container.encode(CodedElements(box.low.map(CodedNumber.init)), forKey: .low)
      try container.encode(CodedElements(box.high.map(CodedNumber.init)), forKey: .high)
    case .discrete(let discrete):
      try container.encode(discrete.n, forKey: .n)
      try container.encode(discrete.start, forKey: .start)
      try container.encode(discrete.type.rawValue, forKey: .dtype)
    case .multiBinary(let shape): try container.encode(shape, forKey: .shape)
    case .multiDiscrete(let space):
      try container.encode(space.shape, forKey: .shape)
      try container.encode(CodedElements(space.nvec), forKey: .nvec)
      try container.encode(CodedElements(space.start), forKey: .start)
      try container.encode(space.type.rawValue, forKey: .dtype)
    case .tuple(let spaces): try container.encode(spaces.map(CodedSpace.init), forKey: .spaces)
    case .dict(let members): try container.encode(members.map(CodedMember.init), forKey: .spaces)
    default:
      throw TrainingError.unusableFile(what: "space", reason: "a policy cannot be made for a \(space.kind)")
    }
  }

  private static func box(_ container: KeyedDecodingContainer<Keys>) throws -> Box {
    let (shape, count) = try shape(container)
    return Box(
      shape: shape,
      type: try type(container, standard: .float32),
      low: try elements(container, .low, CodedNumber.self, count).map(\.value),
      high: try elements(container, .high, CodedNumber.self, count).map(\.value)
    )
  }

  private static func multiDiscrete(_ container: KeyedDecodingContainer<Keys>) throws -> MultiDiscrete {
    let (shape, count) = try shape(container)
    let hasStart = container.contains(.start)
    return MultiDiscrete(
      shape: shape,
      nvec: try elements(container, .nvec, Int.self, count),
      start: hasStart ? try elements(container, .start, Int.self, count) : .same(0),
      type: try type(container, standard: .int64)
    )
  }

  private static func type(_ container: KeyedDecodingContainer<Keys>, standard: ScalarType) throws -> ScalarType {
    guard let name = try container.decodeIfPresent(String.self, forKey: .dtype) else { return standard }
    guard let type = ScalarType(rawValue: name) else {
      throw TrainingError.unusableFile(what: "space in the file", reason: "there is no dtype \(name)")
    }
    return type
  }

  private static func shape(_ container: KeyedDecodingContainer<Keys>) throws -> (shape: [Int], count: Int) {
    let shape = try container.decode([Int].self, forKey: .shape)
    guard let count = SpaceLeaf.boundedProduct(shape) else {
      throw TrainingError.unusableFile(
        what: "space in the file",
        reason: "its shape \(shape) has more than \(SpaceLeaf.largestWidth) elements or an empty dimension"
      )
    }
    return (shape, count)
  }

  private static func elements<Value: Codable & Equatable & Sendable>(
    _ container: KeyedDecodingContainer<Keys>,
    _ key: Keys,
    _: Value.Type,
    _ count: Int
  ) throws -> PerElement<Value> {
    let elements = try container.decode(CodedElements<Value>.self, forKey: key).elements
    guard elements.count.map({ $0 == count }) ?? true else {
      throw TrainingError.unusableFile(
        what: "space in the file",
        reason: "\(key.rawValue) has \(elements.count ?? 0) elements and the shape asks for \(count)"
      )
    }
    return elements
  }
}

/// A key and its space, as a list of two.
private struct CodedMember: Codable {
  let key: String
  let space: Space

  init(_ member: Space.Member) {
    (key, space) = (member.key, member.space)
  }

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    key = try container.decode(String.self)
    space = try container.decode(CodedSpace.self).space
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(key)
    try container.encode(CodedSpace(space))
  }
}

/// One number for every element, or a flat list.
private struct CodedElements<Value: Codable & Equatable & Sendable>: Codable {
  let elements: PerElement<Value>

  init(_ elements: PerElement<Value>) {
    self.elements = elements
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Value.self) {
      elements = .same(value)
    } else {
      elements = .each(try container.decode([Value].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch elements {
    case .same(let value): try container.encode(value)
    case .each(let values): try container.encode(values)
    }
  }
}

/// A number that may be infinite, in which case it is a string.
private struct CodedNumber: Codable, Equatable, Sendable {
  let value: Double

  init(_ value: Double) {
    self.value = value
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      value = number
      return
    }
    switch try container.decode(String.self) {
    case "Infinity": value = .infinity
    case "-Infinity": value = -.infinity
    case "NaN": value = .nan
    case let text: throw TrainingError.unusableFile(what: "space in the file", reason: "\(text) is not a number")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite {
      try container.encode(value)
    } else {
      try container.encode(value.isNaN ? "NaN" : value > 0 ? "Infinity" : "-Infinity")
    }
  }
}

extension PerElement {
  fileprivate func map<Other>(_ transform: (Value) -> Other) -> PerElement<Other> {
    switch self {
    case .same(let value): .same(transform(value))
    case .each(let values): .each(values.map(transform))
    }
  }
}
