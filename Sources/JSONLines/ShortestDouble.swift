/// The shortest decimal that reads back as a given Double, and of these the nearest: significand · 10^exponent.
///
/// The same as ``ShortestFloat``, where each step is explained, for 53-bit significands and 128-bit powers of ten.
struct ShortestDouble {
  /// At most 17 digits, possibly with trailing zeros.
  let significand: UInt64
  let exponent: Int

  /// Finds the decimal of a finite value that is not zero; its sign is ignored.
  @inline(__always)
  init(_ value: Double) {
    let fraction = value.significandBitPattern
    let biased = Int(value.exponentBitPattern)
    let isNormal = biased != 0
    let c = isNormal ? fraction | 1 << 52 : fraction
    let q = (isNormal ? biased : 1) - 1075
    let lowerIsCloser: UInt64 = fraction == 0 && biased > 1 ? 1 : 0
    let k = (q &* 1_262_611 &- Int(lowerIsCloser) &* 524_031) >> 22
    let h = UInt64(truncatingIfNeeded: q &+ ((0 &- k) &* 1_741_647) >> 19 &+ 1)
    let power = WidePowerOfTen(0 &- k)

    let isOdd = c & 1
    let scaled = Self.roundToOdd(power, (4 &* c) << h)
    let lower = Self.roundToOdd(power, (4 &* c &- 2 &+ lowerIsCloser) << h) &+ isOdd
    let upper = Self.roundToOdd(power, (4 &* c &+ 2) << h) &- isOdd

    let s = scaled >> 2
    let tens = s / 10
    let tensBelow = lower <= 40 &* tens
    let tensAbove = 40 &* tens &+ 40 <= upper
    let below = lower <= 4 &* s
    let above = 4 &* s &+ 4 <= upper
    let middle = 4 &* s &+ 2
    let isNearerAbove = scaled > middle || (scaled == middle && s & 1 == 1)
    let nearest = s &+ ((below != above ? above : isNearerAbove) ? 1 : 0)
    significand = tensBelow != tensAbove ? 10 &* (tens &+ (tensAbove ? 1 : 0)) : nearest
    exponent = k
  }

  /// The integer part of power · factor / 2^128, with its lowest bit set if there is a fraction.
  ///
  /// An integral product comes out too large by less than 2^-64. Of the others one alone has a fraction of less: it is
  /// 8887055249355788 · 2^664, where the bit that is lost is set anyway (by continued fractions over all exponents).
  @inline(__always)
  private static func roundToOdd(_ power: WidePowerOfTen, _ factor: UInt64) -> UInt64 {
    let product = power.high.multipliedFullWidth(by: factor)
    let rest = power.low.multipliedFullWidth(by: factor)
    let (fraction, carry) = product.low.addingReportingOverflow(rest.high)
    return (product.high &+ (carry ? 1 : 0)) | (fraction == 0 ? 0 : 1)
  }
}
