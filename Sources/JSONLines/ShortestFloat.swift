/// The shortest decimal that reads back as a given Float, and of these the nearest: significand · 10^exponent.
///
/// It reads back directly and by way of the nearest Double, which is how the protocol defines reading.
///
/// Giulietti, "The Schubfach way to render doubles" (2020), for 24-bit significands: one 64-bit power of ten is exact
/// enough to compare with the ends of the interval of decimals that round to the value.
struct ShortestFloat {
  /// At most nine digits, possibly with trailing zeros.
  let significand: UInt32
  let exponent: Int

  /// Finds the decimal of a finite value that is not zero; its sign is ignored.
  @inline(__always)
  init(_ value: Float) {
    let fraction = value.significandBitPattern
    let biased = Int(value.exponentBitPattern)
    let isNormal = biased != 0
    // value = c · 2^q
    let c = isNormal ? fraction | 1 << 23 : fraction
    let q = (isNormal ? biased : 1) - 150
    // At a power of two the lower neighbour is only half as far away.
    let lowerIsCloser: UInt32 = fraction == 0 && biased > 1 ? 1 : 0
    // k = floor(log10(2^q)), or of 3/4 · 2^q; then c · 2^q · 10^-k has at most nine digits before its point.
    let k = (q &* 1_262_611 &- Int(lowerIsCloser) &* 524_031) >> 22
    let h = UInt32(truncatingIfNeeded: q &+ ((0 &- k) &* 1_741_647) >> 19 &+ 1)
    let power = leadingBitsOfPowerOfTen(0 &- k)

    // The value and the ends of its interval, four times as large and scaled by 10^-k. An end belongs to the interval
    // only if c is even.
    let isOdd = c & 1
    let scaled = Self.roundToOdd(power, (4 &* c) << h)
    let lower = Self.roundToOdd(power, (4 &* c &- 2 &+ lowerIsCloser) << h) &+ isOdd
    let upper = Self.roundToOdd(power, (4 &* c &+ 2) << h) &- isOdd

    let s = scaled >> 2
    // One digit less, if exactly one of the two neighbours with one digit less is in the interval.
    let tens = s / 10
    let tensBelow = lower <= 40 &* tens
    let tensAbove = 40 &* tens &+ 40 <= upper
    // Otherwise the neighbour that is in the interval, or the nearer one if both are.
    let below = lower <= 4 &* s
    let above = 4 &* s &+ 4 <= upper
    let middle = 4 &* s &+ 2
    let isNearerAbove = scaled > middle || (scaled == middle && s & 1 == 1)
    let nearest = s &+ ((below != above ? above : isNearerAbove) ? 1 : 0)
    let isShorter = tensBelow != tensAbove && value.magnitude.bitPattern != Self.roundedTwice
    significand = isShorter ? 10 &* (tens &+ (tensAbove ? 1 : 0)) : nearest
    exponent = k
  }

  /// The one value, by trial of all, whose shortest decimal is lost on a reader that makes a Double of it first.
  ///
  /// 7.038531e-26 is so close to the middle between two Floats that its nearest Double is the middle.
  private static var roundedTwice: UInt32 { 0x15AE_43FD }

  /// The integer part of power · factor / 2^64, with its lowest bit set if there is a fraction.
  ///
  /// `power` is too large by less than 1, which the product's bits 32 and above do not show if there is no fraction.
  @inline(__always)
  private static func roundToOdd(_ power: UInt64, _ factor: UInt32) -> UInt32 {
    let product = power.multipliedFullWidth(by: UInt64(factor))
    let hasFraction = product.low >> 32 > 1
    return UInt32(truncatingIfNeeded: product.high) | (hasFraction ? 1 : 0)
  }
}
