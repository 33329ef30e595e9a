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
    let magnitude = SignificantDigits.withDigits(of: self) { $0.nearestDouble }
    return isNegative ? -magnitude : magnitude
  }
}
