extension Space {
  /// The space with the bounds of every Box taken away: what two spaces of observations have in common where they agree.
  ///
  /// Kinds, order of keys, shapes, number types, `n`, `nvec` and `start` are left (protocol/SPEC.md 16.3).
  public var withoutBounds: Space {
    switch self {
    case .box(let box): .box(Box(shape: box.shape, type: box.type, low: .same(0), high: .same(0)))
    case .tuple(let spaces): .tuple(spaces.map(\.withoutBounds))
    case .oneOf(let spaces): .oneOf(spaces.map(\.withoutBounds))
    case .dict(let members): .dict(members.map { Member($0.key, $0.space.withoutBounds) })
    case .sequence(let space, let isStacked): .sequence(of: space.withoutBounds, isStacked: isStacked)
    case .graph(let nodes, let edges): .graph(nodes: nodes.withoutBounds, edges: edges?.withoutBounds)
    case .discrete, .multiBinary, .multiDiscrete, .text: self
    }
  }
}
