#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#elseif canImport(Glibc)
  import Glibc
#endif

extension RandomNumberGenerator {
  /// A number in [0, 1), a multiple of 2^-53; one draw of 64 bits, NumPy's `random()`.
  @inlinable
  @inline(__always)
  public mutating func uniform() -> Double {
    // 53 bits fit a signed integer, whose conversion is one instruction.
    Double(Int64(truncatingIfNeeded: next() >> 11)) * 0x1p-53
  }

  /// A number in [low, high); one draw, rounded twice as NumPy's `uniform(low, high)`.
  @inlinable
  public mutating func uniform(_ low: Double, _ high: Double) -> Double {
    low + (high - low) * uniform()
  }

  /// A standard normal number; always two draws, so that streams stay aligned.
  ///
  /// √(−2 ln(1 − u₁)) · cos(2π u₂), the first half of the Box–Muller pair (1958). NumPy draws normals by a ziggurat, so
  /// that the same seed gives other normals there.
  @inlinable
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// How many events happen where `mean` are expected: a Poisson number, from one draw more than there are events.
  ///
  /// Knuth's product of uniform numbers, for means of at most some hundreds.
  @inlinable
  public mutating func poisson(mean: Double) -> Int {
    let limit = exp(-mean)
    var (count, product) = (0, uniform())
    while product > limit {
      count += 1
      product *= uniform()
    }
    return count
  }
}
