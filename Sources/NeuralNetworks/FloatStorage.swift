/// Zeroed Float memory on a cache line boundary, freed with its owner.
final class FloatStorage {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: Swift.max(count, 1) * 4, alignment: 64)
    pointer = bytes.bindMemory(to: Float.self, capacity: Swift.max(count, 1))
    pointer.initialize(repeating: 0, count: Swift.max(count, 1))
  }

  deinit {
    UnsafeMutableRawPointer(pointer).deallocate()
  }

  var buffer: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: pointer, count: count) }

  var array: [Float] { Array(buffer) }

  func load(_ numbers: [Float], what: String) throws(NetworkError) { try buffer.load(numbers, what: what) }
}

extension UnsafeMutableBufferPointer<Float> {
  /// Replaces the numbers by as many others, which must be finite.
  func load(_ numbers: [Float], what: String) throws(NetworkError) {
    guard numbers.count == count else {
      throw .wrongCount(what: what, expected: count, actual: numbers.count)
    }
    guard numbers.areFinite else {
      throw .notFinite(what: what, index: numbers.firstIndex { !$0.isFinite } ?? 0)
    }
    _ = update(fromContentsOf: numbers)
  }
}

extension [Float] {
  /// Whether none is infinite or NaN; a loop that the compiler vectorises.
  fileprivate var areFinite: Bool {
    var found: UInt32 = 0
    // The exponent of what is not finite is all ones, so the sum reaches the bit of the sign.
    for number in self { found |= (number.bitPattern & 0x7F80_0000) &+ 0x0080_0000 }
    return found & 0x8000_0000 == 0
  }
}
