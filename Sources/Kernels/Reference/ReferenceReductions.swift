extension Reference {
  /// The sum of the elements.
  public static func sum(_ values: UnsafePointer<Float>, count: Int) -> Double {
    var total = 0.0
    for index in 0..<count {
      total += Double(values[index])
    }
    return total
  }

  /// The inner product of two vectors.
  public static func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int) -> Double {
    var total = 0.0
    for index in 0..<count {
      total += Double(left[index]) * Double(right[index])
    }
    return total
  }

  /// The sum of squared differences from `center`.
  public static func sumOfSquares(_ values: UnsafePointer<Float>, around center: Double, count: Int) -> Double {
    var total = 0.0
    for index in 0..<count {
      let difference = Double(values[index]) - center
      total += difference * difference
    }
    return total
  }
}
