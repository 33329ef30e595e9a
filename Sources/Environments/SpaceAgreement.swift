extension Space {
  /// Where this space of observations differs from another in what has to agree, as a clause; nil where they agree.
  ///
  /// Kinds, order of keys, shapes, number types, `n`, `nvec` and `start` are compared, and bounds are not
  /// (protocol/SPEC.md 16.3).
  public func disagreement(withObservations other: Space) -> String? {
    difference(from: other, comparesBounds: false, at: "obs")
  }

  /// Where this space of actions differs from another, bounds included, as a clause; nil where they agree.
  public func disagreement(withActions other: Space) -> String? {
    difference(from: other, comparesBounds: true, at: "action")
  }

  private func difference(from other: Space, comparesBounds: Bool, at path: String) -> String? {
    func compare(_ space: Space, _ other: Space, _ step: String) -> String? {
      space.difference(from: other, comparesBounds: comparesBounds, at: "\(path).\(step)")
    }
    func parts(_ spaces: [Space], _ others: [Space]) -> String? {
      if spaces.count != others.count { return "\(path) has \(spaces.count) parts and \(others.count)" }
      return spaces.indices.lazy.compactMap { compare(spaces[$0], others[$0], "\($0)") }.first
    }
    switch (self, other) {
    case (.box(let box), .box(let other)):
      if box.shape != other.shape || box.type != other.type {
        return "\(path) has \(box.type) numbers of shape \(box.shape) and \(other.type) numbers of shape \(other.shape)"
      }
      return comparesBounds && !box.hasBounds(of: other) ? "\(path) has other bounds" : nil
    case (.multiDiscrete(let choices), .multiDiscrete(let other)):
      let agrees =
        choices.shape == other.shape && choices.type == other.type
        && choices.nvec.agrees(with: other.nvec, count: choices.shape.elementCount)
        && choices.start.agrees(with: other.start, count: choices.shape.elementCount)
      return agrees ? nil : "\(path) has other choices"
    case (.discrete(let choice), .discrete(let other)):
      if choice == other { return nil }
      return "\(path) has n=\(choice.n), start=\(choice.start) as \(choice.type) "
        + "and n=\(other.n), start=\(other.start) as \(other.type)"
    case (.tuple(let spaces), .tuple(let others)), (.oneOf(let spaces), .oneOf(let others)):
      return parts(spaces, others)
    case (.dict(let members), .dict(let others)):
      if members.map(\.key) != others.map(\.key) {
        return "\(path) has the keys \(members.map(\.key)) and \(others.map(\.key))"
      }
      return members.indices.lazy.compactMap { compare(members[$0].space, others[$0].space, members[$0].key) }.first
    case (.sequence(let space, let isStacked), .sequence(let other, let isOtherStacked))
    where isStacked == isOtherStacked:
      return compare(space, other, "*")
    case (.graph(let nodes, let edges), .graph(let otherNodes, let otherEdges)):
      if let difference = compare(nodes, otherNodes, "nodes") { return difference }
      if let edges, let otherEdges { return compare(edges, otherEdges, "edges") }
      return (edges == nil) == (otherEdges == nil) ? nil : "\(path) has edges of a space in only one of the two"
    default:
      if self == other { return nil }
      return kind == other.kind ? "\(path) is another \(kind)" : "\(path) is a \(kind) and a \(other.kind)"
    }
  }
}

extension Box {
  fileprivate func hasBounds(of other: Box) -> Bool {
    low.map(type.rounded).agrees(with: other.low.map(type.rounded), count: shape.elementCount)
      && high.map(type.rounded).agrees(with: other.high.map(type.rounded), count: shape.elementCount)
  }
}

extension PerElement {
  fileprivate func map(_ transform: (Value) -> Value) -> PerElement {
    switch self {
    case .same(let value): .same(transform(value))
    case .each(let values): .each(values.map(transform))
    }
  }

  /// Whether both give each of `count` elements the same value, in whichever form.
  fileprivate func agrees(with other: PerElement, count: Int) -> Bool {
    if case .same(let value) = self, case .same(let another) = other { return value == another }
    return (0..<count).allSatisfy { self[$0] == other[$0] }
  }
}
