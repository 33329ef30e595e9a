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
    if let index = numbers.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: what, index: index)
    }
    for index in 0..<count {
      self[index] = numbers[index]
    }
  }
}
