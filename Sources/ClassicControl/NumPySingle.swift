/// NumPy's sine and cosine of float32 numbers, which are not the C library's.
///
/// A reduction to [−π/4, π/4] in three parts (W. J. Cody and W. Waite, "Software Manual for the Elementary Functions",
/// 1980), then a polynomial, all in fused multiply-adds. Equal to NumPy 2.4 on x86-64 with them, bit for bit at least
/// up to ±1,000.
enum NumPySingle {
  static func sine(_ x: Float) -> Float { sineOrCosine(x, quadrants: 0) }
  static func cosine(_ x: Float) -> Float { sineOrCosine(x, quadrants: 1) }

  private static func sineOrCosine(_ x: Float, quadrants: Int) -> Float {
    let quarters = (x * 0x1.45f306p-1).rounded(.toNearestOrEven)
    guard quarters.magnitude < 0x1p15 else {
      // Options may ask for any angle; an integer cannot hold every one.
      let (sine, cosine) = sineAndCosine(Double(x))
      return Float(quadrants == 0 ? sine : cosine)
    }
    let r = x.addingProduct(quarters, -0x1.921fb0p+0)
      .addingProduct(quarters, -0x1.5110b4p-22)
      .addingProduct(quarters, -0x1.846988p-48)
    let turn = Int(quarters) + quadrants
    let value = turn & 1 == 0 ? sinePolynomial(r) : cosinePolynomial(r)
    return turn & 2 == 0 ? value : -value
  }

  private static func sinePolynomial(_ r: Float) -> Float {
    let square = r * r
    let sum = horner(square, [0x1.7d3bbcp-19, -0x1.a06bbap-13, 0x1.11119ap-7, -0x1.555556p-3]) * square
    return r.addingProduct(sum, r)
  }

  private static func cosinePolynomial(_ r: Float) -> Float {
    horner(r * r, [0x1.98e616p-16, -0x1.6c06dcp-10, 0x1.55553cp-5, -0.5, 1])
  }

  private static func horner(_ x: Float, _ coefficients: [Float]) -> Float {
    coefficients.dropFirst().reduce(coefficients[0]) { $1.addingProduct($0, x) }
  }
}
