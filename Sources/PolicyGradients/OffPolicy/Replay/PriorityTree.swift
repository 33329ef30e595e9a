/// The priorities of rows, and their sums by halves, so that a row is found by its share in O(log rows).
///
/// Schaul et al. 2016 (arXiv 1511.05952), appendix B.2.1. A sum is always computed from its two halves, never corrected by a
/// difference, so that rounding does not add up over a long run.
final class PriorityTree {
  /// Half the number of nodes: a power of two, at least the number of rows.
  private let leaves: Int
  private let sums: Memory<Float>
  /// The greatest priority so far, which new rows get so that each is drawn soon.
  private(set) var greatest: Float = 1

  init(count: Int) {
    var leaves = 1
    while leaves < count { leaves *= 2 }
    self.leaves = leaves
    sums = Memory(count: 2 * leaves, filledWith: 0)
  }

  var bytes: Int { 8 * leaves }

  /// The sum of all priorities.
  var total: Float { sums[1] }

  subscript(row: Int) -> Float { sums[leaves + row] }

  func insert(_ row: Int) { set(row, greatest) }

  func remove(_ row: Int) { set(row, 0) }

  func update(_ row: Int, to priority: Float) {
    // A row may have been overwritten, or a loss may have run away; neither may poison the sums.
    guard self[row] > 0, priority.isFinite else { return }
    greatest = max(greatest, priority)
    set(row, max(priority, .leastNormalMagnitude))
  }

  /// Goes on from a saved greatest priority; the rows follow by `restore`.
  func restore(greatest: Float) { self.greatest = greatest }

  func restore(_ row: Int, to priority: Float) { set(row, priority) }

  private func set(_ row: Int, _ priority: Float) {
    var node = leaves + row
    sums[node] = priority
    while node > 1 {
      node /= 2
      sums[node] = sums[2 * node] + sums[2 * node + 1]
    }
  }

  /// The row in whose share `position` of the sum lies; of a positive sum always one with a positive priority.
  func find(_ position: Float) -> Int {
    var (node, rest) = (1, position)
    while node < leaves {
      let left = sums[2 * node]
      // The right half is left out where it is empty, since rounding may put `rest` at the very end of the sum.
      if rest < left || sums[2 * node + 1] == 0 {
        node = 2 * node
      } else {
        rest -= left
        node = 2 * node + 1
      }
    }
    return node - leaves
  }
}
