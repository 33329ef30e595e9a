extension DecimalNumber {
  /// The nearest Double, ties to even; infinite when the number is too large.
  @inline(__always)
  var nearestDouble: Double {
    // Clinger, "How to read floating point numbers accurately" (1990): both operands are exact, so the one rounding
    // of the product or quotient is the right one.
    if digitCount <= 19, significand <= 1 << 53, exponent >= -22, exponent <= 22, nonFinite == nil {
      let integer = Double(Int64(bitPattern: significand))
      let magnitude =
        exponent < 0 ? integer / exactPowerOfTen(0 &- exponent) : integer * exactPowerOfTen(exponent)
      return isNegative ? -magnitude : magnitude
    }
    return nearestDoubleOfAnySize
  }

  @inline(never)
  private var nearestDoubleOfAnySize: Double {
    if let nonFinite { return nonFinite }
    let magnitude =
      isExact && exponent >= -27 && exponent <= 27
      ? nearestDoubleInWideArithmetic
      : SignificantDigits.withDigits(of: self) { $0.nearestDouble }
    return isNegative ? -magnitude : magnitude
  }

  /// The nearest Double where 5^|exponent| fits in 63 bits: 64 bits of the exact product or quotient, and one more that
  /// stands for all below, determine the rounding.
  private var nearestDoubleInWideArithmetic: Double {
    if exponent >= 0 {
      let product = significand.multipliedFullWidth(by: powerOfFive(exponent))
      let width = product.high.leadingZeroBitCount
      if width == 64 { return Double(product.low) * powerOfTwo(exponent) }
      let leading = product.high << width | product.low >> (64 - width)
      let rest: UInt64 = product.low << width == 0 ? 0 : 1
      return Double(leading | rest) * powerOfTwo(exponent + 64 - width)
    }
    let divisor = powerOfFive(-exponent)
    let shift = divisor.leadingZeroBitCount
    let width = significand.leadingZeroBitCount
    let numerator = significand << width
    let denominator = divisor << shift
    // The quotient is to have 64 bits, the first of them set.
    let isLarge = numerator >= denominator
    let (quotient, remainder) = denominator.dividingFullWidth(
      isLarge ? (numerator >> 1, numerator << 63) : (numerator, 0))
    let rest: UInt64 = remainder == 0 ? 0 : 1
    return Double(quotient | rest) * powerOfTwo(exponent + shift - width - (isLarge ? 63 : 64))
  }
}

/// 2^n for exponents of normal numbers.
@inline(__always)
private func powerOfTwo(_ n: Int) -> Double { Double(bitPattern: UInt64(1023 + n) << 52) }
