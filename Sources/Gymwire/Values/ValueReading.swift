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
    if let numbers = slice(rows) {
      do throws(ValueError) {
        return try numbers.read(isScalar: !form.isBatched && isScalar, from: &scanner, as: form)
      } catch {
        var error = error
        error.row = error.row.map { $0 / max(1, numbers.count / max(1, rows.count)) }
        throw error
      }
    }
    try readStructured(rows: rows, from: &scanner, as: form)
  }

  /// Reads rows of any space that is not flat.
  private func readStructured(
    rows: Range<Int>, from scanner: inout JSONScanner, as form: ValueForm
  ) throws(ValueError) {
    switch storage {
    case .flat: break
    case .members(let members):
      if case .dict(let keys) = space {
        try scanner.readKeyed(keys.map(\.key), of: "Dict") { (index, scanner) throws(ValueError) in
          try members[index].read(rows: rows, from: &scanner, as: form)
        }
      } else {
        try scanner.readListed(count: members.count) { (index, scanner) throws(ValueError) in
          try members[index].read(rows: rows, from: &scanner, as: form)
        }
      }
    case .irregular:
      guard form.isBatched else {
        trees[rows.lowerBound] = try SpaceValue(of: space, from: &scanner, as: form)
        return
      }
      try readTrees(rows: rows, from: &scanner, as: form)
    }
  }

  private func readTrees(
    rows: Range<Int>,
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    try scanner.enterList(expected: "a list of \(rows.count) values of \(space.kind)")
    var row = rows.lowerBound
    while try scanner.hasElement() {
      guard row < rows.upperBound else { throw ValueError("there are more than the \(rows.count) expected values") }
      do throws(ValueError) {
        trees[row] = try SpaceValue(of: space, from: &scanner, as: form)
      } catch {
        throw ValueError("value \(row - rows.lowerBound): \(error)", row: row - rows.lowerBound)
      }
      row += 1
    }
    guard row == rows.upperBound else {
      throw ValueError("there are \(row - rows.lowerBound) values instead of \(rows.count)")
    }
  }
}

extension SpaceValue {
  /// Reads one value of any space as a tree.
  init(of space: Space, from scanner: inout JSONScanner, as form: ValueForm) throws(ValueError) {
    switch space {
    case .box(let box): try self.init(box.type, box.shape, from: &scanner, as: form)
    case .discrete(let discrete): try self.init(discrete.type, [], from: &scanner, as: form)
    case .multiBinary(let shape): try self.init(.int8, shape, from: &scanner, as: form)
    case .multiDiscrete(let choices): try self.init(choices.type, choices.shape, from: &scanner, as: form)
    case .text: self = .text(try scanner.text(expected: "a string for a Text"))
    case .tuple(let spaces):
      var values: [SpaceValue] = []
      try scanner.readListed(count: spaces.count) { (index, scanner) throws(ValueError) in
        values.append(try SpaceValue(of: spaces[index], from: &scanner, as: form))
      }
      self = .tuple(values)
    case .dict(let members):
      var values = [SpaceValue?](repeating: nil, count: members.count)
      try scanner.readKeyed(members.map(\.key), of: "Dict") { (index, scanner) throws(ValueError) in
        values[index] = try SpaceValue(of: members[index].space, from: &scanner, as: form)
      }
      self = .dict(values.compactMap { $0 })
    case .sequence(let element, _):
      var values: [SpaceValue] = []
      try scanner.enterList(expected: "a list of values of the Sequence")
      while try scanner.hasElement() { values.append(try SpaceValue(of: element, from: &scanner, as: form)) }
      self = .sequence(values)
    case .oneOf(let spaces): self = try Self.oneOf(spaces, from: &scanner, as: form)
    case .graph(let nodes, let edges): self = try Self.graph(nodes: nodes, edges: edges, from: &scanner, as: form)
    }
  }

  private init(
    _ type: ScalarType,
    _ shape: [Int],
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) {
    let array = FlatArray(type, count: shape.elementCount)
    do throws(ValueError) {
      try array.slice.read(isScalar: shape.isEmpty, from: &scanner, as: form)
    } catch {
      // The row of an element means nothing within a tree.
      throw ValueError(error.description)
    }
    self = .flat(array)
  }

  private static func oneOf(
    _ spaces: [Space],
    from scanner: inout JSONScanner,
    as form: ValueForm
  ) throws(ValueError) -> SpaceValue {
    let expected = "a OneOf is [index, value] with an index from 0 to \(spaces.count - 1)"
    try scanner.enterList(expected: expected)
    guard try scanner.hasElement(), try scanner.kind() == .number else { throw ValueError(expected) }
    let index = try scanner.integer()
    guard spaces.indices.contains(index), try scanner.hasElement() else { throw ValueError(expected) }
    let value = try SpaceValue(of: spaces[index], from: &scanner, as: form)
    guard try !scanner.hasElement() else { throw ValueError(expected) }
    return .oneOf(index: index, value)
  }
}

extension JSONScanner {
  /// Reads a list with one value for each part of a Tuple.
  mutating func readListed(
    count: Int,
    read: (Int, inout JSONScanner) throws(ValueError) -> Void
  ) throws(ValueError) {
    try enterList(expected: "a list of \(count) values, one for each part of the Tuple")
    var index = 0
    while try hasElement() {
      guard index < count else { throw ValueError("the Tuple has more than its \(count) parts") }
      do throws(ValueError) {
        try read(index, &self)
      } catch {
        throw ValueError("part \(index): \(error)", row: error.row)
      }
      index += 1
    }
    guard index == count else { throw ValueError("the Tuple has \(index) of its \(count) parts") }
  }

  /// Reads an object that has exactly these keys, in any order.
  mutating func readKeyed(
    _ keys: [String],
    of kind: String,
    read: (Int, inout JSONScanner) throws(ValueError) -> Void
  ) throws(ValueError) {
    try enterMembers(expected: "an object with the keys of the \(kind)")
    var next = 0
    var isSeen = [Bool](repeating: false, count: keys.count)
    while let name = try nextMember() {
      let key = name.string
      // Writers keep the order of the space, so the expected key is looked at before all others.
      let found = next < keys.count && keys[next] == key ? next : keys.firstIndex(of: key)
      guard let index = found else {
        throw ValueError("the key \"\(key.abbreviated())\" is not one of the \(kind)'s")
      }
      guard !isSeen[index] else { throw ValueError("the key \"\(key.abbreviated())\" is there twice") }
      isSeen[index] = true
      do throws(ValueError) {
        try read(index, &self)
      } catch {
        throw ValueError("\(key): \(error)", row: error.row)
      }
      next = index + 1
    }
    if let missing = isSeen.firstIndex(of: false) { throw ValueError("the key \"\(keys[missing])\" is missing") }
  }
}
