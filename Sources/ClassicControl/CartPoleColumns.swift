/// The states of a few carts and what moves them, column by column on the stack.
///
/// In a loop over columns with nothing but arithmetic in it, the compiler computes several carts in one instruction.
struct CartPoleColumns {
  // Seven columns have to be at most 1,024 bytes; more would not be on the stack.
  private static var capacity: Int { 16 }

  private let start: UnsafeMutablePointer<Double>

  var position: UnsafeMutablePointer<Double> { start }
  var velocity: UnsafeMutablePointer<Double> { start + Self.capacity }
  var angle: UnsafeMutablePointer<Double> { start + 2 * Self.capacity }
  var angularVelocity: UnsafeMutablePointer<Double> { start + 3 * Self.capacity }
  var sine: UnsafeMutablePointer<Double> { start + 4 * Self.capacity }
  var cosine: UnsafeMutablePointer<Double> { start + 5 * Self.capacity }
  var force: UnsafeMutablePointer<Double> { start + 6 * Self.capacity }

  /// Calls `body` with as many rows at a time as there is room for; what the columns hold is left from before.
  @inline(__always)
  static func forEachBlock(of rows: Range<Int>, _ body: (Range<Int>, CartPoleColumns) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 7 * capacity) { numbers in
      guard let start = numbers.baseAddress else { return }
      var first = rows.lowerBound
      while first < rows.upperBound {
        let end = first &+ min(capacity, rows.upperBound &- first)
        body(first..<end, CartPoleColumns(start: start))
        first = end
      }
    }
  }

  @inline(__always)
  subscript(index: Int) -> CartPoleState {
    get {
      CartPoleState(
        position: position[index], velocity: velocity[index], angle: angle[index],
        angularVelocity: angularVelocity[index])
    }
    nonmutating set {
      position[index] = newValue.position
      velocity[index] = newValue.velocity
      angle[index] = newValue.angle
      angularVelocity[index] = newValue.angularVelocity
    }
  }
}
