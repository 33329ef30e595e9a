/// Eight decimal digits at once, in a word whose lowest byte is the first digit.
extension UInt64 {
  /// How many bytes, counted from the lowest, are ASCII digits before the first that is not.
  @inline(__always)
  var leadingDigitCount: Int {
    // A digit has the high nibble 3, and still has it after 6 is added.
    let notDigit =
      (self & 0xF0F0_F0F0_F0F0_F0F0 ^ 0x3030_3030_3030_3030)
      | ((self &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 ^ 0x3030_3030_3030_3030)
    return notDigit.trailingZeroBitCount >> 3
  }

  /// The value of eight ASCII digits, the lowest byte being the first; zero bytes count as the digit 0.
  @inline(__always)
  var valueOfEightDigits: UInt64 {
    // Pairs, then quads, then all: each multiplication adds neighbours with their decimal weights.
    let ones = self & 0x0F0F_0F0F_0F0F_0F0F
    let pairs = (ones &* (10 << 8 | 1)) >> 8 & 0x00FF_00FF_00FF_00FF
    let quads = (pairs &* (100 << 16 | 1)) >> 16 & 0x0000_FFFF_0000_FFFF
    return (quads &* (10_000 << 32 | 1)) >> 32
  }

  /// The eight decimal digits of a number below 10^8, one a byte, the first in the lowest.
  @inline(__always)
  init(eightDigitsOf number: UInt64) {
    // Halves, then pairs, then single digits, dividing all at once by multiplying with a rounded reciprocal.
    let halves = number / 10_000 | (number % 10_000) << 32
    let hundreds = (halves &* 10_486) >> 20 & 0x0000_007F_0000_007F
    let pairs = hundreds | (halves &- hundreds &* 100) << 16
    let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
    self = tens | (pairs &- tens &* 10) << 8
  }
}
