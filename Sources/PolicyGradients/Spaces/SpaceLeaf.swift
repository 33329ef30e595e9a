import Environments

/// A flat space within a space of Dicts and Tuples, and where it is.
public struct SpaceLeaf {
  /// The way to it, such as `obs.camera.depth`; for people.
  public let path: String
  /// A Box, Discrete, MultiBinary or MultiDiscrete.
  public let space: Space
  /// How many numbers one value has.
  public let width: Int

  /// The leaves of `space` in the order in which Gymnasium's `flatten` visits them.
  ///
  /// - Throws: ``TrainingError/unsupportedSpace(path:kind:reason:)`` for a space that pgagent does not learn from.
  public static func all(of space: Space, path: String) throws(TrainingError) -> [SpaceLeaf] {
    if let (_, shape) = space.flat {
      guard let width = boundedProduct(shape) else {
        throw .unsupportedSpace(
          path: path,
          kind: space.kind,
          reason: shape.contains(0)
            ? "its shape \(shape) leaves it without an element, so that there is nothing to learn from it"
            : "its shape \(shape) has more than \(largestWidth) elements"
        )
      }
      return [SpaceLeaf(path: path, space: space, width: width)]
    }
    var leaves: [SpaceLeaf] = []
    switch space {
    case .tuple(let spaces):
      for (index, member) in spaces.enumerated() { leaves += try all(of: member, path: "\(path).\(index)") }
    case .dict(let members):
      for member in members { leaves += try all(of: member.space, path: "\(path).\(member.key)") }
    default:
      throw .unsupportedSpace(
        path: path,
        kind: space.kind,
        reason: "pgagent learns from Box, Discrete, MultiBinary, MultiDiscrete, and Dict and Tuple of these"
      )
    }
    return leaves
  }

  /// The most numbers that one observation or action may have, so that a hostile file cannot ask for all the memory.
  static let largestWidth = 1 << 24

  static func boundedProduct(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard factor > 0, !overflow, next <= largestWidth else { return nil }
      product = next
    }
    return product
  }
}

extension ValueBatch {
  /// The arrays of the leaves, in the order of ``SpaceLeaf/all(of:path:)``.
  var leafArrays: [FlatArray] {
    switch storage {
    case .flat(let array, _): [array]
    case .members(let members): members.flatMap(\.leafArrays)
    case .irregular: []
    }
  }
}
