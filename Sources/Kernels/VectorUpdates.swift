import CKernels

extension Kernel {
  /// y += α·x.
  public static func accumulate(
    _ scale: Float,
    times values: UnsafePointer<Float>,
    count: Int,
    into target: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.accumulate(scale, values, count, target)
  }

  /// y += τ·(x - y), by which a slow copy follows what it was copied from (Polyak & Juditsky 1992).
  public static func move(
    _ target: UnsafeMutablePointer<Float>,
    towards source: UnsafePointer<Float>,
    rate: Float,
    count: Int,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.moveTowards(source, rate, count, target)
  }
}
