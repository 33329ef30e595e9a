import Kernels

/// Vectors of length 1 that are orthogonal to each other, every such frame being equally likely: Gram-Schmidt on normal
/// vectors.
///
/// Vectors come in blocks. A block is first made orthogonal to all blocks before by products of matrices, and then each
/// of its vectors to those before it in the block.
final class OrthonormalFrame {
  private let count: Int
  private let length: Int
  /// How many vectors a block has: few where they are long, so that a block stays in the cache.
  private let blockSize: Int
  /// The vectors that are done, as the products of matrices read them.
  private let done: FloatStorage
  private let numbers: UnsafeMutablePointer<Double>

  /// Prepares `count` vectors of `length` numbers, at least as long as there are vectors.
  init(count: Int, length: Int) {
    (self.count, self.length) = (count, length)
    blockSize = Swift.min(count, Swift.min(64, Swift.max(8, (1 << 16) / length)))
    done = FloatStorage(count: count > blockSize ? count * length : 0)
    numbers = .allocate(capacity: blockSize * length)
    numbers.initialize(repeating: 0, count: blockSize * length)
  }

  deinit { numbers.deallocate() }

  /// Draws the vectors, and hands them over in order.
  func draw(
    using generator: inout some RandomNumberGenerator, _ receive: (Int, UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    for first in stride(from: 0, to: count, by: blockSize) {
      let rows = Swift.min(blockSize, count - first)
      for index in 0..<rows * length { numbers[index] = generator.standardNormal() }
      removeEarlier(first, 0..<rows)
      for row in 0..<rows {
        while !normalize(row) {
          for index in 0..<length { numbers[row * length + index] = generator.standardNormal() }
          removeEarlier(first, row..<row + 1)
        }
        let vector = UnsafeMutableBufferPointer(start: numbers + row * length, count: length)
        receive(first + row, vector)
        guard count > blockSize else { continue }
        let copy = done.pointer + (first + row) * length
        for index in 0..<length { copy[index] = Float(vector[index]) }
      }
    }
  }

  /// Makes rows of the block orthogonal to the `earlier` vectors of all blocks before.
  private func removeEarlier(_ earlier: Int, _ rows: Range<Int>) {
    guard earlier > 0 else { return }
    let block = numbers + rows.lowerBound * length
    let (vectors, projected) = (FloatStorage(count: rows.count * length), FloatStorage(count: rows.count * length))
    let (projections, zeros) = (FloatStorage(count: rows.count * earlier), FloatStorage(count: earlier))
    // The second time takes away what rounding left of the first.
    for _ in 0..<2 {
      for index in 0..<rows.count * length { vectors.pointer[index] = Float(block[index]) }
      Kernel.affine(
        vectors.pointer, rows: rows.count, inputSize: length, weights: done.pointer, bias: zeros.pointer,
        outputSize: earlier, into: projections.pointer)
      Kernel.affineInputGradient(
        projections.pointer, rows: rows.count, outputSize: earlier, weights: done.pointer, inputSize: length,
        into: projected.pointer)
      for index in 0..<rows.count * length { block[index] -= Double(projected.pointer[index]) }
    }
  }

  /// Makes a row orthogonal to those before it in the block, and its length 1; false if nothing is left of it.
  private func normalize(_ row: Int) -> Bool {
    let vector = numbers + row * length
    // Twice, since once loses digits when the vector was almost in the span of the others.
    for _ in 0..<2 {
      for other in 0..<row {
        let other = numbers + other * length
        var projection = 0.0
        for index in 0..<length { projection += vector[index] * other[index] }
        for index in 0..<length { vector[index] -= projection * other[index] }
      }
    }
    var squares = 0.0
    for index in 0..<length { squares += vector[index] * vector[index] }
    let norm = squares.squareRoot()
    guard norm > 1e-6 else { return false }
    for index in 0..<length { vector[index] /= norm }
    return true
  }
}
