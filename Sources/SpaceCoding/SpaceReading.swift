import Environments
import JSONLines

/// A description of a space that cannot be used: where it is, and what is wrong with it.
public struct SpaceError: Error, Equatable, CustomStringConvertible {
  /// Where the space is, such as `obs.camera.depth`.
  public let path: String
  /// What is wrong, as a sentence without its full stop.
  public let reason: String

  /// The path and the reason.
  public var description: String { "\(path): \(reason)" }
}

extension Space {
  /// Reads a space as hello and files describe it.
  ///
  /// - Parameter path: where the space is, for errors.
  /// - Throws: ``SpaceError`` for an unknown type, a missing or misshapen member, or a size beyond bounds.
  public init(from scanner: inout JSONScanner, path: String) throws(SpaceError) {
    let description: PlainValue
    do throws(JSONError) { description = try PlainValue(from: &scanner) } catch { description = .null }
    try self.init(description, path: path)
  }

  /// Reads a space as hello and files describe it, from a value that has been read as plain data.
  public init(_ description: PlainValue, path: String) throws(SpaceError) {
    guard case .object(let members) = description else {
      throw SpaceError(path: path, reason: "a space is described by a JSON object with a \"type\"")
    }
    self = try SpaceDescription(members: members, path: path).space()
  }
}

/// The members of one description, read by the rules of protocol/SPEC.md, "Spaces".
private struct SpaceDescription {
  let members: [String: PlainValue]
  let path: String

  func space() throws(SpaceError) -> Space {
    switch members["type"]?.string {
    case "Box": .box(try box())
    case "Discrete": .discrete(try discrete())
    case "MultiBinary": .multiBinary(shape: try shape())
    case "MultiDiscrete": .multiDiscrete(try multiDiscrete())
    case "Text": .text(try text())
    case "Tuple": .tuple(try children())
    case "OneOf": .oneOf(try choices())
    case "Dict": .dict(try namedChildren())
    case "Sequence": .sequence(of: try child("space"), isStacked: try flag("stack"))
    case "Graph": .graph(nodes: try graphPart("node_space"), edges: try edges())
    case .some(let name): throw failure("there is no space of type \"\(name.abbreviated())\"")
    case nil: throw failure("the description has no \"type\"")
    }
  }

  private func failure(_ reason: String) -> SpaceError { SpaceError(path: path, reason: reason) }

  private func present(_ name: String) -> PlainValue? { members[name] == .null ? nil : members[name] }

  private func integer(_ value: PlainValue, _ name: String, atLeast least: Int) throws(SpaceError) -> Int {
    guard let given = value.integer.flatMap({ Int(exactly: $0) }), given >= least else {
      throw failure("\"\(name)\" has to be an integer" + (least == .min ? "" : " of at least \(least)"))
    }
    return given
  }

  private func integer(_ name: String, atLeast least: Int, default standard: Int? = nil) throws(SpaceError) -> Int {
    if let value = present(name) { return try integer(value, name, atLeast: least) }
    guard let standard else { throw failure("\"\(name)\" is missing") }
    return standard
  }

  private func flag(_ name: String) throws(SpaceError) -> Bool {
    switch present(name) {
    case nil: return false
    case .boolean(let flag): return flag
    default: throw failure("\"\(name)\" has to be true or false")
    }
  }

  private func shape() throws(SpaceError) -> [Int] {
    guard let list = present("shape")?.list else { throw failure("\"shape\" has to be a list of integers") }
    var shape: [Int] = []
    var elements = 1
    for size in list {
      shape.append(try integer(size, "shape", atLeast: 0))
      let (product, overflows) = elements.multipliedReportingOverflow(by: shape[shape.count - 1])
      elements = product
      guard !overflows, elements <= Space.greatestElementCount else {
        throw failure("the shape \(shape)... has more than \(Space.greatestElementCount) elements")
      }
    }
    return shape
  }

  private func type(default standard: ScalarType) throws(SpaceError) -> ScalarType {
    guard let value = present("dtype") else { return standard }
    guard let name = value.string, let type = ScalarType(rawValue: name) else {
      throw failure("\"dtype\" has to be one of \(ScalarType.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return type
  }

  private func box() throws(SpaceError) -> Box {
    let shape = try shape()
    let type = try type(default: .float32)
    let low = try bounds("low", of: type, count: shape.elementCount) { $0.leastDoubleFromHere }
    let high = try bounds("high", of: type, count: shape.elementCount) { -(-$0).leastDoubleFromHere }
    if let fault = Box.fault(low: low, high: high) { throw failure(fault) }
    return Box(shape: shape, type: type, low: low, high: high)
  }

  /// Bounds of a Box; `inward` turns the integer that bounds an integer type into a Double which is within the bound.
  private func bounds(
    _ name: String, of type: ScalarType, count: Int, inward: (Int128) -> Double
  ) throws(SpaceError) -> PerElement<Double> {
    guard let value = present(name) else { throw failure("\"\(name)\" is missing") }
    if let range = type.integerRange {
      return try perElement(value, name, of: ", each an integer of \(type)", count: count) { element in
        guard let bound = element.integer else { return nil }
        // No Double holds the ends of 64-bit types; the nearest stand for them, here and in older policy files.
        if bound == range.lowerBound || bound == range.upperBound || bound == Int128(Double(range.upperBound)) {
          return Double(bound)
        }
        return range.contains(bound) ? inward(bound) : nil
      }
    }
    return try perElement(value, name, count: count) { element in
      switch element {
      case .number(let number): return number.isNaN ? nil : type.rounded(number)
      case .string("Infinity"): return .infinity
      case .string("-Infinity"): return -.infinity
      default: return nil
      }
    }
  }

  private func integers(_ name: String, count: Int, atLeast least: Int) throws(SpaceError) -> PerElement<Int> {
    guard let value = present(name) else { throw failure("\"\(name)\" is missing") }
    return try perElement(value, name, count: count) { element in
      element.integer.flatMap { Int(exactly: $0) }.flatMap { $0 >= least ? $0 : nil }
    }
  }

  private func perElement<Value>(
    _ value: PlainValue,
    _ name: String,
    of kind: String = "",
    count: Int,
    read: (PlainValue) -> Value?
  ) throws(SpaceError) -> PerElement<Value> {
    guard let list = value.list else {
      guard let single = read(value) else {
        throw failure("\"\(name)\" has to be one number or a flat list of them\(kind)")
      }
      return .same(single)
    }
    guard list.count == count else {
      throw failure("\"\(name)\" has \(list.count) numbers, but the shape has \(count) elements")
    }
    var values: [Value] = []
    for (index, element) in list.enumerated() {
      guard let number = read(element) else { throw failure("element \(index) of \"\(name)\" is not a usable number") }
      values.append(number)
    }
    return .each(values)
  }

  private func discrete() throws(SpaceError) -> Discrete {
    let n = try integer("n", atLeast: 1)
    let start = try integer("start", atLeast: .min, default: 0)
    let type = try type(default: .int64)
    if let fault = Discrete.fault(n: n, start: start, type: type) { throw failure(fault) }
    return Discrete(n, start: start, type: type)
  }

  private func multiDiscrete() throws(SpaceError) -> MultiDiscrete {
    let shape = try shape()
    let nvec = try integers("nvec", count: shape.elementCount, atLeast: 1)
    let start: PerElement<Int> =
      present("start") == nil ? .same(0) : try integers("start", count: shape.elementCount, atLeast: .min)
    let type = try type(default: .int64)
    if let fault = MultiDiscrete.fault(nvec: nvec, start: start, type: type) { throw failure(fault) }
    return MultiDiscrete(shape: shape, nvec: nvec, start: start, type: type)
  }

  private func text() throws(SpaceError) -> Text {
    let maximum = try integer("max_length", atLeast: 0)
    let minimum = try integer("min_length", atLeast: 0, default: 1)
    guard minimum <= maximum else { throw failure("\"min_length\" \(minimum) is above \"max_length\" \(maximum)") }
    guard let alphabet = present("charset") else { return Text(maximumLength: maximum, minimumLength: minimum) }
    guard let scalars = alphabet.string else { throw failure("\"charset\" has to be a string") }
    return Text(maximumLength: maximum, minimumLength: minimum, alphabet: scalars)
  }

  private func nested(_ value: PlainValue?, _ step: String) throws(SpaceError) -> Space {
    try Space(value ?? .null, path: "\(path).\(step)")
  }

  private func child(_ name: String) throws(SpaceError) -> Space { try nested(present(name), name) }

  private func children() throws(SpaceError) -> [Space] {
    guard let list = present("spaces")?.list else { throw failure("\"spaces\" has to be a list of spaces") }
    var spaces: [Space] = []
    for (index, value) in list.enumerated() { spaces.append(try nested(value, "\(index)")) }
    try requireBounded(spaces)
    return spaces
  }

  private func choices() throws(SpaceError) -> [Space] {
    let spaces = try children()
    guard !spaces.isEmpty else { throw failure("\"spaces\" is empty, so there is nothing to choose from") }
    return spaces
  }

  /// Each part is within the bound by itself; what is allocated at once is all of them.
  private func requireBounded(_ parts: [Space]) throws(SpaceError) {
    guard parts.reduce(0, { $0 + $1.elementCount }) <= Space.greatestElementCount else {
      throw failure("its parts together have more than \(Space.greatestElementCount) elements")
    }
  }

  private func namedChildren() throws(SpaceError) -> [Space.Member] {
    guard let list = present("spaces")?.list else { throw failure("\"spaces\" has to be a list of [key, space]") }
    var spaces: [Space.Member] = []
    var keys: Set<String> = []
    for pair in list {
      guard let pair = pair.list, pair.count == 2, let key = pair[0].string else {
        throw failure("each element of \"spaces\" has to be [key, space]")
      }
      guard keys.insert(key).inserted else { throw failure("the key \"\(key)\" is there twice") }
      spaces.append(Space.Member(key, try nested(pair[1], key)))
    }
    try requireBounded(spaces.map(\.space))
    return spaces
  }

  /// The space of a graph's nodes or edges, which Gymnasium restricts to Box and Discrete.
  private func graphPart(_ name: String) throws(SpaceError) -> Space {
    let space = try child(name)
    switch space {
    case .box, .discrete: return space
    default: throw failure("\"\(name)\" has to be a Box or Discrete, not a \(space.kind)")
    }
  }

  private func edges() throws(SpaceError) -> Space? {
    present("edge_space") == nil ? nil : try graphPart("edge_space")
  }
}

extension PlainValue {
  /// An integer: a number without a fraction, or digits in quotes for one beyond 2^53 - 1 (protocol/SPEC.md 8.2, 8.3).
  fileprivate var integer: Int128? {
    switch self {
    case .number(let number): return Int128(exactly: number)
    case .string(let text):
      guard let value = Int128(text), value.magnitude > UInt128(JSONWriter.largestSafeInteger),
        String(value) == text
      else { return nil }
      return value
    default: return nil
    }
  }
}

extension Int128 {
  /// The least Double that is not below this integer.
  fileprivate var leastDoubleFromHere: Double {
    let nearest = Double(self)
    return Int128(nearest) < self ? nearest.nextUp : nearest
  }
}
