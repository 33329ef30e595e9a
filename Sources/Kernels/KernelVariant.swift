import CKernels

/// One compilation of the kernels, for one instruction set.
public enum KernelVariant: Int32, CaseIterable, Sendable {
  /// The fastest that this processor runs, which is every kernel's default.
  case best = 0
  /// Four lanes, on any processor.
  case portable = 1
  /// AVX2 and FMA, on x86-64.
  case avx2 = 2
  /// AVX-512 (F, VL, BW, DQ), on x86-64.
  case avx512 = 3

  /// Whether this processor runs it; where it does not, the kernels take the best instead.
  public var isAvailable: Bool { isKernelVariantAvailable(rawValue) }

  var table: UnsafePointer<KernelTable> { kernelTable(rawValue) }
}
