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
  /// The greatest number of elements that one value may have: a bound on what a description can make a reader allocate.
  public static let greatestElementCount = 1 << 26

  /// Reads a space as hello describes it.
  ///
  /// - Parameter path: where the space is, for errors.
  /// - Throws: ``SpaceError`` for an unknown type, a missing or misshapen member, or a size beyond bounds.
  public init(from scanner: inout JSONScanner, path: String) throws(SpaceError) {
    let description: [String: PlainValue]
    do throws(JSONError) {
      guard case .object(let members) = try PlainValue(from: &scanner) else {
        throw JSONError(.expectedValue, offset: scanner.offset)
      }
      description = members
    } catch {
      throw SpaceError(path: path, reason: "a space is described by a JSON object with a \"type\"")
    }
    self = try SpaceDescription(members: description, path: path).space()
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
    case "OneOf": .oneOf(try children())
    case "Dict": .dict(try namedChildren())
    case "Sequence": .sequence(of: try child("space"), isStacked: members["stack"] == .boolean(true))
    case "Graph": .graph(nodes: try graphPart("node_space"), edges: try edges())
    case .some(let name): throw failure("there is no space of type \"\(name)\"")
    case nil: throw failure("the description has no \"type\"")
    }
  }

  private func failure(_ reason: String) -> SpaceError { SpaceError(path: path, reason: reason) }

  private func present(_ name: String) -> PlainValue? { members[name] == .null ? nil : members[name] }

  private func integer(_ value: PlainValue, _ name: String, atLeast least: Int) throws(SpaceError) -> Int {
    let given: Int? =
      switch value {
      case .number(let number): Int(exactly: number)
      case .string(let digits): Int(digits)
      default: nil
      }
    guard let given, given >= least else { throw failure("\"\(name)\" has to be an integer of at least \(least)") }
    return given
  }

  private func integer(_ name: String, atLeast least: Int, default standard: Int? = nil) throws(SpaceError) -> Int {
    if let value = present(name) { return try integer(value, name, atLeast: least) }
    guard let standard else { throw failure("\"\(name)\" is missing") }
    return standard
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
        throw failure(
          "the shape \(list.map { Int($0.number ?? 0) }) has more than \(Space.greatestElementCount) elements"
        )
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

  private func integerType() throws(SpaceError) -> ScalarType {
    let type = try type(default: .int64)
    guard !type.isFloatingPoint, type != .bool else {
      throw failure("\"dtype\" has to be an integer type, not \(type)")
    }
    return type
  }

  private func box() throws(SpaceError) -> Box {
    let shape = try shape()
    let low = try bounds("low", count: shape.elementCount)
    let high = try bounds("high", count: shape.elementCount)
    return Box(shape: shape, type: try type(default: .float32), low: low, high: high)
  }

  private func bounds(_ name: String, count: Int) throws(SpaceError) -> PerElement<Double> {
    guard let value = present(name) else { throw failure("\"\(name)\" is missing") }
    return try perElement(value, name, count: count) { element in
      switch element {
      case .number(let number): number
      case .string("Infinity"): .infinity
      case .string("-Infinity"): -.infinity
      case .string(let digits): Int128(digits).map { Double($0) }
      default: nil
      }
    }
  }

  private func integers(_ name: String, count: Int, atLeast least: Int) throws(SpaceError) -> PerElement<Int> {
    guard let value = present(name) else { throw failure("\"\(name)\" is missing") }
    return try perElement(value, name, count: count) { element in
      switch element {
      case .number(let number): Int(exactly: number).flatMap { $0 >= least ? $0 : nil }
      case .string(let digits): Int(digits).flatMap { $0 >= least ? $0 : nil }
      default: nil
      }
    }
  }

  private func perElement<Value>(
    _ value: PlainValue,
    _ name: String,
    count: Int,
    read: (PlainValue) -> Value?
  ) throws(SpaceError) -> PerElement<Value> {
    guard let list = value.list else {
      guard let single = read(value) else { throw failure("\"\(name)\" has to be one number or a flat list of them") }
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
    guard !start.addingReportingOverflow(n).overflow else { throw failure("start + n is beyond 64 bits") }
    return Discrete(n, start: start, type: try integerType())
  }

  private func multiDiscrete() throws(SpaceError) -> MultiDiscrete {
    let shape = try shape()
    let nvec = try integers("nvec", count: shape.elementCount, atLeast: 1)
    let start: PerElement<Int> =
      present("start") == nil ? .same(0) : try integers("start", count: shape.elementCount, atLeast: .min)
    for index in 0..<max(nvec.count ?? 1, start.count ?? 1)
    where start[index].addingReportingOverflow(nvec[index]).overflow {
      throw failure("start + nvec is beyond 64 bits")
    }
    return MultiDiscrete(shape: shape, nvec: nvec, start: start, type: try integerType())
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
    guard case .object(let members) = value else {
      throw SpaceError(path: "\(path).\(step)", reason: "a space is described by a JSON object with a \"type\"")
    }
    return try SpaceDescription(members: members, path: "\(path).\(step)").space()
  }

  private func child(_ name: String) throws(SpaceError) -> Space { try nested(present(name), name) }

  private func children() throws(SpaceError) -> [Space] {
    guard let list = present("spaces")?.list else { throw failure("\"spaces\" has to be a list of spaces") }
    var spaces: [Space] = []
    for (index, value) in list.enumerated() { spaces.append(try nested(value, "\(index)")) }
    return spaces
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
