import Environments
import JSONLines

extension ValueBatch {
  /// Reads one value into each row of `rows` (protocol/SPEC.md, "Arrays").
  ///
  /// The numbers are those of the space's type; whether they lie in the space is another question, see
  /// ``Environments/ValueBatch/violation(in:)``. What was in the rows before is lost also when this throws.
  public func read(
    rows: Range<Int>,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    switch storage {
    case .flat(let array, let width):
      let isScalar = !form.isBatched && width == 1 && space.flat?.shape.isEmpty == true
      try array.read(
        rows.lowerBound * width..<rows.upperBound * width,
        isScalar: isScalar,
        from: &scanner,
        as: form
      )
    case .members(let members):
      if case .dict(let spaces) = space {
        try readKeyed(members, keys: spaces, rows: rows, from: &scanner, as: form)
      } else {
        try readListed(members, rows: rows, from: &scanner, as: form)
      }
    case .irregular:
      guard form.isBatched else {
        trees[rows.lowerBound] = try SpaceValue(of: space, from: &scanner, as: form)
        return
      }
      try scanner.enterList(expected: "a list of \(rows.count) values of \(space.kind)")
      var row = rows.lowerBound
      while try ValueError.wrap({ () throws(JSONError) in try scanner.nextElement() }) {
        guard row < rows.upperBound else { throw ValueError("there are more than the \(rows.count) expected values") }
        trees[row] = try SpaceValue(of: space, from: &scanner, as: form)
        row += 1
      }
      guard row == rows.upperBound else {
        throw ValueError("there are \(row - rows.lowerBound) values instead of \(rows.count)")
      }
    }
  }

  private func readListed(
    _ members: [ValueBatch],
    rows: Range<Int>,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    try scanner.enterList(expected: "a list of \(members.count) values, one for each part of the Tuple")
    var index = 0
    while try ValueError.wrap({ () throws(JSONError) in try scanner.nextElement() }) {
      guard index < members.count else { throw ValueError("the Tuple has more than its \(members.count) parts") }
      try members[index].read(rows: rows, from: &scanner, as: form)
      index += 1
    }
    guard index == members.count else { throw ValueError("the Tuple has \(index) of its \(members.count) parts") }
  }

  private func readKeyed(
    _ members: [ValueBatch],
    keys: [Space.Member],
    rows: Range<Int>,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    try scanner.enterKeyed(keys) { (index, scanner) throws(ValueError) in
      try members[index].read(rows: rows, from: &scanner, as: form)
    }
  }
}

extension SpaceValue {
  /// Reads one value of any space as a tree.
  init(of space: Space, from scanner: inout JSONScanner, as form: ValueForm) throws(ValueError) {
    var form = form
    form.isBatched = false
    if let (type, shape) = space.flat {
      let array = FlatArray(type, count: shape.elementCount)
      try array.read(0..<array.count, isScalar: shape.isEmpty, from: &scanner, as: form)
      self = .flat(array)
      return
    }
    switch space {
    case .text:
      guard try scanner.kind() == .string else { throw ValueError("a string was expected for a Text") }
      self = .text(try ValueError.wrap { () throws(JSONError) in try scanner.readString() })
    case .tuple(let spaces):
      var values: [SpaceValue] = []
      try scanner.enterList(expected: "a list of \(spaces.count) values, one for each part of the Tuple")
      while try ValueError.wrap({ () throws(JSONError) in try scanner.nextElement() }) {
        guard values.count < spaces.count else { throw ValueError("the Tuple has more than its \(spaces.count) parts") }
        values.append(try SpaceValue(of: spaces[values.count], from: &scanner, as: form))
      }
      guard values.count == spaces.count else {
        throw ValueError("the Tuple has \(values.count) of its \(spaces.count) parts")
      }
      self = .tuple(values)
    case .dict(let members):
      var values = [SpaceValue?](repeating: nil, count: members.count)
      try scanner.enterKeyed(members) { (index, scanner) throws(ValueError) in
        values[index] = try SpaceValue(of: members[index].space, from: &scanner, as: form)
      }
      self = .dict(values.compactMap { $0 })
    case .sequence(let element, _):
      var values: [SpaceValue] = []
      try scanner.enterList(expected: "a list of values of the Sequence")
      while try ValueError.wrap({ () throws(JSONError) in try scanner.nextElement() }) {
        values.append(try SpaceValue(of: element, from: &scanner, as: form))
      }
      self = .sequence(values)
    case .oneOf(let spaces): self = try Self.oneOf(spaces, from: &scanner, as: form)
    case .graph(let nodes, let edges): self = try Self.graph(nodes: nodes, edges: edges, from: &scanner, as: form)
    case .box, .discrete, .multiBinary, .multiDiscrete: throw ValueError("a \(space.kind) is flat")
    }
  }

  private static func oneOf(
    _ spaces: [Space],
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) -> SpaceValue {
    let expected = "a OneOf is [index, value] with an index below \(spaces.count)"
    try scanner.enterList(expected: expected)
    guard try scanner.hasElement(), try scanner.kind() == .number else { throw ValueError(expected) }
    let index = try ValueError.wrap { () throws(JSONError) in try scanner.readInteger() }
    guard index >= 0, index < spaces.count, try scanner.hasElement() else { throw ValueError(expected) }
    let value = try SpaceValue(of: spaces[Int(index)], from: &scanner, as: form)
    guard try !scanner.hasElement() else { throw ValueError(expected) }
    return .oneOf(index: Int(index), value)
  }

  private static func graph(
    nodes: Space,
    edges: Space?,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) -> SpaceValue {
    let keys = [Space.Member("nodes", nodes), Space.Member("edges", edges ?? nodes), Space.Member("edge_links", nodes)]
    var parts = [FlatArray?](repeating: nil, count: 3)
    try scanner.enterKeyed(keys) { (index, scanner) throws(ValueError) in
      if index > 0, try scanner.kind() == .null {
        try ValueError.wrap { () throws(JSONError) in try scanner.readNull() }
        return
      }
      guard index != 1 || edges != nil else { throw ValueError("the Graph has edges, but its space has no edge_space") }
      let flat = index == 2 ? (type: ScalarType.int64, shape: [2]) : keys[index].space.flat
      guard let (type, shape) = flat else { throw ValueError("the parts of a Graph are flat") }
      parts[index] = try FlatArray.readRows(type, width: shape.elementCount, from: &scanner, as: form)
    }
    guard let nodes = parts[0] else { throw ValueError("the Graph has no \"nodes\"") }
    if let links = parts[2] {
      for index in 0..<links.count where links.integer(at: index) < 0 || links.integer(at: index) >= nodes.count {
        throw ValueError("edge_links names node \(links.integer(at: index)), which is not there")
      }
    }
    return .graph(nodes: nodes, edges: parts[1], links: parts[2])
  }
}

extension JSONScanner {
  /// The kind of the next value, with errors of this module's type.
  mutating func kind() throws(ValueError) -> JSONKind {
    do { return try peek() } catch { throw ValueError(error) }
  }

  /// Whether the list goes on, with errors of this module's type.
  mutating func hasElement() throws(ValueError) -> Bool {
    do { return try nextElement() } catch { throw ValueError(error) }
  }

  /// Enters a list, or says what was expected instead of what is there.
  mutating func enterList(expected: @autoclosure () -> String) throws(ValueError) {
    guard try kind() == .array else {
      throw ValueError("\(expected()) was expected, but there is \(try kind().phrase)")
    }
    do { try enterArray() } catch { throw ValueError(error) }
  }

  /// Reads an object that has exactly the keys of a Dict, in any order.
  mutating func enterKeyed(
    _ members: [Space.Member],
    read: (Int, inout JSONScanner) throws(ValueError) -> Void
  ) throws(ValueError) {
    guard try kind() == .object else {
      throw ValueError("an object with the keys of the Dict was expected, but there is \(try kind().phrase)")
    }
    var next = 0
    var isSeen = [Bool](repeating: false, count: members.count)
    do { try enterObject() } catch { throw ValueError(error) }
    while let name = try ValueError.wrap({ () throws(JSONError) in try nextName() }) {
      let key = name.string
      // Writers keep the space's order, so the expected member comes first in the search.
      let found =
        next < members.count && members[next].key == key ? next : members.firstIndex { $0.key == key }
      guard let index = found else { throw ValueError("the key \"\(key)\" is not one of the space's") }
      guard !isSeen[index] else { throw ValueError("the key \"\(key)\" is there twice") }
      isSeen[index] = true
      try read(index, &self)
      next = index + 1
    }
    if let missing = isSeen.firstIndex(of: false) { throw ValueError("the key \"\(members[missing].key)\" is missing") }
  }
}
