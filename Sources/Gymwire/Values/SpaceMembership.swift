import Environments

extension ValueBatch {
  /// The first of `rows` whose value is not in the space, with a sentence that says why; nil when all are.
  public func violation(in rows: Range<Int>) -> (row: Int, reason: String)? {
    if isWithinSpace(rows) { return nil }
    switch storage {
    case .flat(let array, let width):
      for row in rows {
        if let reason = array.violation(of: space, row * width..<(row + 1) * width) { return (row, reason) }
      }
    case .members(let members):
      for (index, member) in members.enumerated() {
        guard let (row, reason) = member.violation(in: rows) else { continue }
        if case .dict(let spaces) = space { return (row, "\(spaces[index].key): \(reason)") }
        return (row, "part \(index): \(reason)")
      }
    case .irregular:
      for row in rows {
        guard let tree = trees[row] else { return (row, "there is no value") }
        if let reason = tree.violation(of: space) { return (row, reason) }
      }
    }
    return nil
  }
}

extension Discrete {
  fileprivate var startNote: String { start == 0 ? "" : ", start=\(start)" }
}

extension ValueBatch {
  /// A quick test for the commonest action spaces: true if all of `rows` are in the space, false if that is not known.
  fileprivate func isWithinSpace(_ rows: Range<Int>) -> Bool {
    switch space {
    case .discrete(let discrete):
      guard let values = integers(rows) else { return false }
      return Self.areWithin(values, Int64(discrete.start), Int64(discrete.n))
    case .box(let box):
      guard let values = floats(rows), case .same(let low) = box.low, case .same(let high) = box.high else {
        return false
      }
      return Self.areWithin(values, Float(low), Float(high))
    default: return false
    }
  }

  private static func areWithin(_ values: UnsafeMutableBufferPointer<Int64>, _ start: Int64, _ count: Int64) -> Bool {
    // Unsigned, what is below the start is far above it. No value is greater than all of their bits together, which
    // are found several values at a time.
    let limit = UInt64(bitPattern: count)
    var bits: UInt64 = 0
    for value in values { bits |= UInt64(bitPattern: value &- start) }
    return bits < limit || values.allSatisfy { UInt64(bitPattern: $0 &- start) < limit }
  }

  private static func areWithin(_ values: UnsafeMutableBufferPointer<Float>, _ low: Float, _ high: Float) -> Bool {
    var areWithin = true
    // Not a number is not finite, and an infinity is refused even by bounds that are infinite.
    for value in values { areWithin = areWithin && value >= low && value <= high && value.magnitude < .infinity }
    return areWithin
  }
}

extension FlatArray {
  /// Why the elements of `range` are not one value of a flat space; nil when they are.
  fileprivate func violation(of space: Space, _ range: Range<Int>) -> String? {
    for (element, index) in range.enumerated() {
      switch space {
      case .box(let box):
        let value = double(at: index)
        let low = box.type.rounded(box.low[element])
        let high = box.type.rounded(box.high[element])
        guard value.isFinite else { return "element \(element) is \(value), which is not finite" }
        guard value >= low, value <= high else { return "element \(element) is \(value), outside [\(low), \(high)]" }
      case .discrete(let discrete):
        let value = integer(at: index)
        guard value >= Int128(discrete.values.lowerBound), value <= Int128(discrete.values.upperBound) else {
          return "\(value) is outside Discrete(n=\(discrete.n)\(discrete.startNote))"
        }
      case .multiBinary:
        let value = integer(at: index)
        guard value == 0 || value == 1 else { return "element \(element) is \(value) instead of 0 or 1" }
      case .multiDiscrete(let choices):
        let value = integer(at: index)
        let values = choices.values(of: element)
        guard value >= Int128(values.lowerBound), value <= Int128(values.upperBound) else {
          return "element \(element) is \(value), outside \(values.lowerBound) ... \(values.upperBound)"
        }
      default: return "a \(space.kind) is not flat"
      }
    }
    return nil
  }
}

extension SpaceValue {
  /// Why this is not a value of `space`; nil when it is.
  fileprivate func violation(of space: Space) -> String? {
    switch (self, space) {
    case (.flat(let array), _): return array.violation(of: space, 0..<array.count)
    case (.text(let string), .text(let text)):
      let count = string.unicodeScalars.count
      guard count >= text.minimumLength, count <= text.maximumLength else {
        return "the text has \(count) scalars instead of \(text.minimumLength) to \(text.maximumLength)"
      }
      let alphabet = Set(text.alphabet.unicodeScalars)
      let stranger = string.unicodeScalars.first { !alphabet.contains($0) }
      return stranger.map { "the text has \"\($0)\", which is not in the charset" }
    case (.tuple(let values), .tuple(let spaces)):
      return zip(values, spaces).lazy.compactMap { $0.violation(of: $1) }.first
    case (.dict(let values), .dict(let members)):
      return zip(values, members).lazy.compactMap { value, member in
        value.violation(of: member.space).map { "\(member.key): \($0)" }
      }.first
    case (.oneOf(let index, let value), .oneOf(let spaces)) where spaces.indices.contains(index):
      return value.violation(of: spaces[index])
    case (.sequence(let values), .sequence(let element, _)):
      return values.lazy.compactMap { $0.violation(of: element) }.first
    case (.graph(let nodes, let edges, _), .graph(let nodeSpace, let edgeSpace)):
      if let reason = nodes.violation(ofRowsOf: nodeSpace) { return "nodes: \(reason)" }
      guard let edges, let edgeSpace else { return nil }
      return edges.violation(ofRowsOf: edgeSpace).map { "edges: \($0)" }
    default: return "the value is not a \(space.kind)"
    }
  }
}

extension FlatArray {
  fileprivate func violation(ofRowsOf space: Space) -> String? {
    let width = max(1, space.rowWidth)
    return stride(from: 0, to: count, by: width).lazy
      .compactMap { self.violation(of: space, $0..<$0 + width) }.first
  }
}
