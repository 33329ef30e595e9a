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
  /// An exponent of ones, as NaN and the infinities have it, carries into the sign when one is added to it.
  fileprivate var areFinite: Bool {
    let exponent = Float.infinity.bitPattern
    var carries: UInt32 = 0
    for value in self { carries |= (value.bitPattern & exponent) &+ (1 << 23) }
    return carries >> 31 == 0
  }
}
