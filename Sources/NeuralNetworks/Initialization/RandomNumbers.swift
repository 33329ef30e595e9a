// Not the standard library's `random(in:)`, whose mapping from bits to numbers may change between versions: the same seed
// must give the same network for ever.

extension RandomNumberGenerator {
  /// A number from [0, 1), a multiple of 2⁻⁵³.
  mutating func unitUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// A number of the standard normal distribution, by Marsaglia's polar method.
  mutating func standardNormal() -> Double {
    while true {
      let u = 2 * unitUniform() - 1
      let v = 2 * unitUniform() - 1
      let square = u * u + v * v
      if square > 0, square < 1 {
        return u * (-2 * naturalLogarithm(square) / square).squareRoot()
      }
    }
  }
}
