import Environments
import Gymwire
import JSONLines

/// Values of a space, drawn at random, as they are written on the wire.
struct RandomTexts {
  private let space: Space
  private let form: ValueForm
  private var generator: PCG64

  init(_ space: Space, form: ValueForm = ValueForm(), seed: UInt64) {
    self.space = space
    self.form = form
    generator = PCG64(seed: seed)
  }

  /// The next value, or with batch the next `count` of them.
  mutating func next(count: Int = 1) -> String {
    let batch = ValueBatch(space, count: count)
    for row in 0..<count { try? SpaceValue.random(in: space, using: &generator).store(in: batch, row: row) }
    var writer = JSONWriter()
    writer.write(batch, rows: 0..<count, as: form)
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}

extension SpaceValue {
  /// A value of any space; where there is no bound, numbers near 0, and lists and texts that are short.
  static func random(in space: Space, using generator: inout PCG64) -> SpaceValue {
    switch space {
    case .box, .discrete, .multiBinary, .multiDiscrete:
      return .flat(.random(in: space, rows: 1, using: &generator))
    case .text(let text):
      let longest = max(text.minimumLength, min(text.maximumLength, text.minimumLength + 8))
      let alphabet = Array(text.alphabet.unicodeScalars)
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: text.minimumLength...longest, using: &generator) where !alphabet.isEmpty {
        scalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
      }
      return .text(String(scalars))
    case .tuple(let spaces): return .tuple(spaces.map { random(in: $0, using: &generator) })
    case .dict(let members): return .dict(members.map { random(in: $0.space, using: &generator) })
    case .oneOf(let spaces):
      let index = Int.random(in: 0..<max(1, spaces.count), using: &generator)
      return .oneOf(index: index, random(in: spaces[index], using: &generator))
    case .sequence(let element, _):
      return .sequence(
        (0..<Int.random(in: 0...3, using: &generator)).map { _ in random(in: element, using: &generator) })
    case .graph(let nodes, let edges):
      let nodeCount = Int.random(in: 1...3, using: &generator)
      let nodeRows = FlatArray.random(in: nodes, rows: nodeCount, using: &generator)
      guard let edges else { return .graph(nodes: nodeRows, edges: nil, links: nil) }
      let edgeCount = Int.random(in: 1...3, using: &generator)
      let links = FlatArray(.int64, count: 2 * edgeCount)
      for index in 0..<links.count { links.set(Int128.random(in: 0..<Int128(nodeCount), using: &generator), at: index) }
      return .graph(nodes: nodeRows, edges: .random(in: edges, rows: edgeCount, using: &generator), links: links)
    }
  }
}

extension FlatArray {
  /// Rows of a flat space.
  fileprivate static func random(in space: Space, rows: Int, using generator: inout PCG64) -> FlatArray {
    let (type, shape) = space.flat ?? (.int64, [])
    let width = shape.elementCount
    let array = FlatArray(type, count: rows * width)
    for index in 0..<array.count {
      let element = width == 0 ? 0 : index % width
      switch space {
      case .box(let box) where type.isFloatingPoint:
        let (low, high) = box.nearbyBounds(element)
        array.set(low + (high - low) * generator.uniform(), at: index)
      case .box(let box):
        let (low, high) = box.nearbyBounds(element)
        array.set(
          Int128.random(in: Int128(low.rounded(.up))...Int128(high.rounded(.down)), using: &generator), at: index)
      case .discrete(let discrete):
        array.set(Int128(discrete.start) + Int128.random(in: 0..<Int128(discrete.n), using: &generator), at: index)
      case .multiDiscrete(let choices):
        let choice = Int128.random(in: 0..<Int128(choices.nvec[element]), using: &generator)
        array.set(Int128(choices.start[element]) + choice, at: index)
      default: array.set(Int128.random(in: 0...1, using: &generator), at: index)
      }
    }
    return array
  }
}

extension Box {
  /// The bounds of an element, or numbers near 0 (or near the one bound there is) where there are none.
  func nearbyBounds(_ element: Int) -> (low: Double, high: Double) {
    let (low, high) = (low[element], high[element])
    if low.isFinite, high.isFinite, high - low < 1e12 { return (low, high) }
    if low > -1e6, low.isFinite { return (low, min(high, low + 1)) }
    if high < 1e6, high.isFinite { return (max(low, high - 1), high) }
    return (-1, 1)
  }
}
