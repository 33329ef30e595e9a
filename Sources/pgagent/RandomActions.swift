import Environments

/// Actions drawn at random from a space, with equal probabilities where it has bounds.
struct RandomActions {
  let batch: ValueBatch
  private var generator: PCG64
  private let leaves: [ValueBatch]

  /// Makes room for `count` actions.
  ///
  /// - Throws: `EnvironmentError` if a part of the space is not made of numbers.
  init(_ space: Space, count: Int, seed: UInt64) throws {
    batch = ValueBatch(space, count: count)
    generator = PCG64(seed: seed)
    leaves = try Self.leaves(of: batch)
  }

  /// Draws an action for every row.
  mutating func draw() {
    for leaf in leaves {
      guard let (array, width) = leaf.flat else { continue }
      for index in 0..<array.count { draw(leaf.space, array, index, element: index % max(1, width)) }
    }
  }

  private mutating func draw(_ space: Space, _ array: FlatArray, _ index: Int, element: Int) {
    switch space {
    case .discrete(let discrete): array.set(Int128(discrete.start + below(discrete.n)), at: index)
    case .multiBinary: array.set(Int128(below(2)), at: index)
    case .multiDiscrete(let choices):
      array.set(Int128(choices.start[element] + below(choices.nvec[element])), at: index)
    case .box(let box):
      // Where there is no bound, the numbers near 0 have to do.
      let low = max(box.low[element], -1e6)
      let high = min(box.high[element], 1e6)
      let isBounded = low > -1e6 && high < 1e6
      let value =
        isBounded ? low + (high - low) * generator.uniform() : max(low, min(high, 2 * generator.uniform() - 1))
      if array.type.isFloatingPoint {
        array.set(value, at: index)
      } else {
        array.set(Int128(value.rounded()), at: index)
      }
    default: break
    }
  }

  private mutating func below(_ count: Int) -> Int {
    Int(generator.next().multipliedFullWidth(by: UInt64(count)).high)
  }

  private static func leaves(of batch: ValueBatch) throws(EnvironmentError) -> [ValueBatch] {
    switch batch.storage {
    case .flat: return [batch]
    case .members(let members):
      var leaves: [ValueBatch] = []
      for member in members { leaves += try self.leaves(of: member) }
      return leaves
    case .irregular:
      throw .invalidValue("bench cannot draw actions of a \(batch.space.kind), which are not made of numbers")
    }
  }
}
