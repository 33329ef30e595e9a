extension ValueBatch {
  /// The first number in `rows` that is NaN or infinite: its row, its index within the row, and its value.
  ///
  /// Only arrays are looked at; trees of irregular spaces are not.
  public func firstNonFinite(in rows: Range<Int>) -> (row: Int, element: Int, value: Double)? {
    if let floats = floats(rows), floats.areFinite { return nil }
    switch storage {
    case .flat(let array, let width):
      guard let index = array.firstNonFinite(in: rows.lowerBound * width..<rows.upperBound * width) else { return nil }
      return (index / width, index % width, array.double(at: index))
    case .members(let members): return members.lazy.compactMap { $0.firstNonFinite(in: rows) }.first
    case .irregular: return nil
    }
  }
}

extension FlatArray {
  func firstNonFinite(in range: Range<Int>) -> Int? {
    type.isFloatingPoint ? range.first { !double(at: $0).isFinite } : nil
  }
}

extension UnsafeMutableBufferPointer<Float> {
  /// x · 0 is 0 for every finite x and NaN for every other, so one sum tells about all.
  fileprivate var areFinite: Bool {
    guard let start = baseAddress else { return true }
    var sum = SIMD8<Float>.zero
    var index = 0
    while index &+ 8 <= count {
      sum += UnsafeRawPointer(start + index).loadUnaligned(as: SIMD8<Float>.self) * 0
      index &+= 8
    }
    var rest = sum.sum()
    while index < count {
      rest += start[index] * 0
      index &+= 1
    }
    return rest == 0
  }
}
