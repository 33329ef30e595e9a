import Environments

extension Space {
  /// The greatest number of numbers that one value may have: a bound on what a description can make a reader allocate.
  public static let greatestElementCount = 1 << 26

  /// How many numbers a value of this space takes in a ``ValueBatch``; values without a fixed size count as none.
  var elementCount: Int {
    switch self {
    case .box, .discrete, .multiBinary, .multiDiscrete: flat?.shape.elementCount ?? 0
    case .tuple(let spaces): spaces.reduce(0) { $0 + $1.elementCount }
    case .dict(let members): members.reduce(0) { $0 + $1.space.elementCount }
    case .text, .oneOf, .sequence, .graph: 0
    }
  }

  /// How many numbers one node or edge of a Graph takes.
  var rowWidth: Int { flat?.shape.elementCount ?? 1 }

  /// Whether a value is one number, which is written without brackets (protocol/SPEC.md 9.2).
  var isScalar: Bool { flat?.shape.isEmpty ?? false }
}

/// How many sub-environments a server grants to a driver that wishes for many.
enum GrantedEnvironments {
  /// The most of them, however small their observations are.
  static let greatest = 1 << 16

  /// As many as were wanted, but no more than whose replies surely fit the driver's longest line.
  ///
  /// A step in which every episode ends tells every observation twice; a number takes at most 25 bytes, and 128 more
  /// are room for the rest of an entry (protocol/SPEC.md 2.12 and 12.1).
  static func count(wanted: Int, of observations: Space, longestLine: Int) -> Int {
    let row = 2 * (26 * observations.elementCount + 128)
    return max(1, min(wanted, greatest, longestLine / row))
  }
}
