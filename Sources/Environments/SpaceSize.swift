extension Space {
  /// The greatest number of numbers that one value may have: a bound on what a description can make a reader allocate.
  public static let greatestElementCount = 1 << 26

  /// How many numbers a value of this space takes in a ``ValueBatch``; values without a fixed size count as none.
  public var elementCount: Int {
    switch self {
    case .box, .discrete, .multiBinary, .multiDiscrete: flat?.shape.elementCount ?? 0
    case .tuple(let spaces): spaces.reduce(0) { $0 + $1.elementCount }
    case .dict(let members): members.reduce(0) { $0 + $1.space.elementCount }
    case .text, .oneOf, .sequence, .graph: 0
    }
  }
}
