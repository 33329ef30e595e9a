import CKernels

// Reductions accumulate in Double lanes: gradient norms and advantage statistics stay accurate at any length.

extension Kernel {
  /// The sum of the elements.
  public static func sum(_ values: UnsafePointer<Float>, count: Int, variant: KernelVariant = .best) -> Double {
    variant.table.pointee.sum(values, count)
  }

  /// The inner product of two vectors.
  public static func dot(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int, variant: KernelVariant = .best
  ) -> Double {
    variant.table.pointee.dot(left, right, count)
  }

  /// The sum of squared differences from `center`.
  public static func sumOfSquares(
    _ values: UnsafePointer<Float>, around center: Double, count: Int, variant: KernelVariant = .best
  ) -> Double {
    variant.table.pointee.sumOfSquares(values, center, count)
  }

  /// The arithmetic mean, or 0 of nothing.
  public static func mean(_ values: UnsafePointer<Float>, count: Int) -> Double {
    count > 0 ? sum(values, count: count) / Double(count) : 0
  }

  /// The population variance (divided by `count`), in two passes; 0 of nothing.
  public static func variance(_ values: UnsafePointer<Float>, count: Int) -> Double {
    guard count > 0 else { return 0 }
    return sumOfSquares(values, around: mean(values, count: count), count: count) / Double(count)
  }

  /// The Euclidean norm.
  public static func norm(_ values: UnsafePointer<Float>, count: Int) -> Double {
    sumOfSquares(values, around: 0, count: count).squareRoot()
  }

  /// x *= α.
  public static func scale(_ values: UnsafeMutablePointer<Float>, by factor: Float, count: Int) {
    for index in 0..<count {
      values[index] *= factor
    }
  }
}
