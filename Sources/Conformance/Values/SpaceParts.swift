import Environments

extension Space {
  /// This space and all that it is made of.
  var parts: [Space] {
    switch self {
    case .box, .discrete, .multiBinary, .multiDiscrete, .text: [self]
    case .tuple(let spaces), .oneOf(let spaces): [self] + spaces.flatMap(\.parts)
    case .dict(let members): [self] + members.flatMap(\.space.parts)
    case .sequence(let element, _): [self] + element.parts
    case .graph(let nodes, let edges): [self] + nodes.parts + (edges?.parts ?? [])
    }
  }

  /// Whether there are numbers of such a type in it.
  func hasNumbers(where isMeant: (ScalarType) -> Bool) -> Bool {
    parts.contains { $0.flat.map { isMeant($0.type) } ?? false }
  }
}
