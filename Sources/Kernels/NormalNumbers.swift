import CKernels

extension Kernel {
  /// 2 · `pairs` standard normal numbers from as many even ones: √(-2 ln v) cos 2πw and √(-2 ln v) sin 2πw (Box & Muller
  /// 1958).
  ///
  /// `uniforms` has the numbers v, each above 0 and at most 1, and then the numbers w, each at least 0 and below 1;
  /// `output`, which may be `uniforms`, receives the cosines and then the sines.
  public static func normalNumbers(
    _ uniforms: UnsafePointer<Float>,
    pairs: Int,
    into output: UnsafeMutablePointer<Float>,
    variant: KernelVariant = .best
  ) {
    variant.table.pointee.normals(uniforms, pairs, output)
  }
}
