import Environments

extension ScalarType {
  /// The values at both ends of the type, and some others.
  var awkwardNumbers: [Double] {
    switch self {
    case .float16: [0, 1, -1, 65504, -65504, 0x1p-24, 0.5, 0.333251953125]
    case .float32: [0, 1, -1, 3.4028234663852886e38, -3.4028234663852886e38, 1.401298464324817e-45, 0.1, 16_777_217]
    case .float64: [0, 1, -1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0.1, 1e22]
    default: []
    }
  }

  var isInteger: Bool { integerRange != nil }

  static var integers: [ScalarType] { allCases.filter { $0.isInteger && $0 != .bool } }
}

extension FlatArray {
  /// Numbers of any size, each awkward one among them once at least if there is room.
  static func random(_ type: ScalarType, count: Int, using generator: inout Generator) -> FlatArray {
    let array = FlatArray(type, count: count)
    for index in 0..<count {
      if let range = type.integerRange {
        let ends = [range.lowerBound, range.upperBound, 0, range.lowerBound + 1, range.upperBound - 1]
        let isEnd = Bool.random(using: &generator)
        array.set(isEnd ? ends[index % 5] : Int128.random(in: range, using: &generator), at: index)
      } else if Bool.random(using: &generator) {
        array.set(type.awkwardNumbers[index % type.awkwardNumbers.count], at: index)
      } else {
        array.set(Double.random(in: -1000...1000, using: &generator), at: index)
      }
    }
    return array
  }

  static func of(_ type: ScalarType, _ numbers: [Double]) -> FlatArray {
    let array = FlatArray(type, count: numbers.count)
    for (index, number) in numbers.enumerated() { array.set(number, at: index) }
    return array
  }

  static func of(_ type: ScalarType, integers: [Int128]) -> FlatArray {
    let array = FlatArray(type, count: integers.count)
    for (index, number) in integers.enumerated() { array.set(number, at: index) }
    return array
  }
}

extension Space {
  /// A space of any of the ten kinds.
  static func random(depth: Int, using generator: inout Generator) -> Space {
    let kind = Int.random(in: 0..<(depth > 0 ? 10 : 5), using: &generator)
    let shapes: [[Int]] = [[], [1], [3], [2, 2], [0], [2, 1, 3]]
    let shape = shapes.randomElement(using: &generator) ?? []
    switch kind {
    case 0: return .box(randomBox(shape, using: &generator))
    case 1: return .discrete(randomDiscrete(using: &generator))
    case 2: return .multiBinary(shape: shape)
    case 3:
      let nvec = (0..<shape.elementCount).map { _ in Int.random(in: 1...9, using: &generator) }
      let type = ScalarType.integers.randomElement(using: &generator) ?? .int64
      return .multiDiscrete(
        MultiDiscrete(
          shape: shape,
          nvec: Bool.random(using: &generator) ? .same(7) : .each(nvec),
          start: Bool.random(using: &generator) ? .same(3) : .each(nvec),
          type: type
        ))
    case 4:
      return .text(
        Bool.random(using: &generator)
          ? Text(maximumLength: 8) : Text(maximumLength: 6, minimumLength: 0, alphabet: "äb🎈\"\\ \u{2028}\u{1}"))
    case 5: return .tuple(several(0..<4, depth, &generator))
    case 6: return .oneOf(several(1..<4, depth, &generator))
    case 7:
      let spaces = several(0..<4, depth, &generator)
      return .dict(zip(["z", "a b", "ключ", "\"q\\"], spaces).map { Space.Member($0, $1) })
    case 8:
      return .sequence(of: random(depth: depth - 1, using: &generator), isStacked: Bool.random(using: &generator))
    default:
      let nodes = Space.box(randomBox([2], using: &generator))
      let edges = Space.discrete(randomDiscrete(using: &generator))
      return .graph(
        nodes: Bool.random(using: &generator) ? nodes : edges,
        edges: [nodes, edges, nil].randomElement(using: &generator) ?? nil)
    }
  }

  private static func several(_ count: Range<Int>, _ depth: Int, _ generator: inout Generator) -> [Space] {
    (0..<Int.random(in: count, using: &generator)).map { _ in random(depth: depth - 1, using: &generator) }
  }

  private static func randomDiscrete(using generator: inout Generator) -> Discrete {
    let type = ScalarType.integers.randomElement(using: &generator) ?? .int64
    let start = type.integerRange.map { $0.lowerBound < 0 ? -2 : 5 } ?? 0
    return Discrete(
      Int.random(in: 1...50, using: &generator), start: [0, start].randomElement(using: &generator) ?? 0, type: type)
  }

  private static func randomBox(_ shape: [Int], using generator: inout Generator) -> Box {
    let type = ScalarType.allCases.randomElement(using: &generator) ?? .float32
    let (least, greatest) =
      type.integerRange.map { (Double($0.lowerBound), Double($0.upperBound)) } ?? (-.infinity, .infinity)
    let count = shape.elementCount
    return Box(
      shape: shape,
      type: type,
      low: Bool.random(using: &generator) ? .same(least) : .each((0..<count).map { [least, 0][$0 % 2] }),
      high: Bool.random(using: &generator) ? .same(greatest) : .each((0..<count).map { [1, greatest][$0 % 2] })
    )
  }

  /// A value of this space's types; numbers of a Box need not lie within its bounds, nor texts keep their length.
  func randomValue(using generator: inout Generator) -> SpaceValue {
    switch self {
    case .box, .multiBinary, .discrete, .multiDiscrete:
      let (type, shape) = flat ?? (.int8, [])
      return .flat(.random(type, count: shape.elementCount, using: &generator))
    case .text(let text):
      let scalars = Array(text.alphabet.unicodeScalars)
      var string = ""
      for _ in 0..<Int.random(in: 0...text.maximumLength, using: &generator) {
        string.unicodeScalars.append(scalars.randomElement(using: &generator) ?? "a")
      }
      return .text(string)
    case .tuple(let spaces): return .tuple(spaces.map { $0.randomValue(using: &generator) })
    case .dict(let members): return .dict(members.map { $0.space.randomValue(using: &generator) })
    case .oneOf(let spaces):
      let index = Int.random(in: 0..<spaces.count, using: &generator)
      return .oneOf(index: index, spaces[index].randomValue(using: &generator))
    case .sequence(let element, _):
      return .sequence(
        (0..<Int.random(in: 0..<4, using: &generator)).map { _ in element.randomValue(using: &generator) })
    case .graph(let nodes, let edges): return Self.randomGraph(nodes, edges, &generator)
    }
  }

  private static func randomGraph(_ nodes: Space, _ edges: Space?, _ generator: inout Generator) -> SpaceValue {
    let nodeCount = Int.random(in: 1..<5, using: &generator)
    let edgeCount = Int.random(in: 0..<4, using: &generator)
    func rows(_ space: Space, _ count: Int, _ generator: inout Generator) -> FlatArray {
      let (type, shape) = space.flat ?? (.int8, [])
      return .random(type, count: count * shape.elementCount, using: &generator)
    }
    let nodeRows = rows(nodes, nodeCount, &generator)
    guard let edges, edgeCount > 0 else { return .graph(nodes: nodeRows, edges: nil, links: nil) }
    let links = (0..<2 * edgeCount).map { _ in Int128(Int.random(in: 0..<nodeCount, using: &generator)) }
    return .graph(
      nodes: nodeRows, edges: rows(edges, edgeCount, &generator), links: .of(.int64, integers: links))
  }
}
