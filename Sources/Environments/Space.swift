/// The set of values that an observation or an action may take: Gymnasium's ten kinds of space.
///
/// Source: protocol/SPEC.md, "Spaces"; Gymnasium `spaces`.
public indirect enum Space: Equatable, Sendable {
  /// Numbers of one shape, each between its own bounds.
  case box(Box)
  /// One integer of `n` consecutive ones.
  case discrete(Discrete)
  /// Zeros and ones of one shape.
  case multiBinary(shape: [Int])
  /// Integers of one shape, each with its own number of choices.
  case multiDiscrete(MultiDiscrete)
  /// A string of bounded length over an alphabet.
  case text(Text)
  /// One value of each of several spaces, in order.
  case tuple([Space])
  /// One value of exactly one of several spaces.
  case oneOf([Space])
  /// One value of each of several named spaces; the order of the keys is kept.
  case dict([Member])
  /// Any number of values of one space.
  case sequence(of: Space, isStacked: Bool)
  /// Nodes, and edges between them.
  case graph(nodes: Space, edges: Space?)

  /// A named space within a Dict.
  public struct Member: Equatable, Sendable {
    /// The key.
    public let key: String
    /// The space of the value at that key.
    public let space: Space

    /// Creates a member of a Dict.
    public init(_ key: String, _ space: Space) {
      self.key = key
      self.space = space
    }
  }

  /// The number type and shape of a flat space (Box, Discrete, MultiBinary, MultiDiscrete); nil for every other.
  public var flat: (type: ScalarType, shape: [Int])? {
    switch self {
    case .box(let box): (box.type, box.shape)
    case .discrete(let discrete): (discrete.type, [])
    case .multiBinary(let shape): (.int8, shape)
    case .multiDiscrete(let space): (space.type, space.shape)
    default: nil
    }
  }

  /// The protocol's and Gymnasium's name of this kind of space.
  public var kind: String {
    switch self {
    case .box: "Box"
    case .discrete: "Discrete"
    case .multiBinary: "MultiBinary"
    case .multiDiscrete: "MultiDiscrete"
    case .text: "Text"
    case .tuple: "Tuple"
    case .oneOf: "OneOf"
    case .dict: "Dict"
    case .sequence: "Sequence"
    case .graph: "Graph"
    }
  }

  /// The kind, with its article and the type of its numbers if it has one, for sentences.
  var phrase: String { "a \(kind)" + (flat.map { " of \($0.type)" } ?? "") }
}

extension [Int] {
  /// The number of elements of an array of this shape; 1 for the empty shape.
  public var elementCount: Int { reduce(1, *) }
}
