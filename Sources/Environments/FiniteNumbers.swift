extension ValueBatch {
  /// The first number in `rows` that is NaN or infinite: its row, its index within the row, and its value.
  ///
  /// Only arrays are looked at; trees of irregular spaces are not.
  public func firstNonFinite(in rows: Range<Int>) -> (row: Int, element: Int, value: Double)? {
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
    guard type.isFloatingPoint else { return nil }
    if let floats = floats?.baseAddress {
      // x · 0 is 0 for every finite x and NaN for every other, so one sum tells whether a search is needed.
      var sum = SIMD8<Float>.zero
      var index = range.lowerBound
      while index + 8 <= range.upperBound {
        sum += UnsafeRawPointer(floats + index).loadUnaligned(as: SIMD8<Float>.self) * 0
        index += 8
      }
      var rest = sum.sum()
      while index < range.upperBound {
        rest += floats[index] * 0
        index += 1
      }
      if rest == 0 { return nil }
    }
    return range.first { !double(at: $0).isFinite }
  }
}
