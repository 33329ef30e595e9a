import CTrigonometry

/// The platform's sine and cosine, whose last bit decides whether a trajectory is Gymnasium's.
@inline(__always)
func sineAndCosine(_ angle: Double) -> (sine: Double, cosine: Double) {
  var sine = 0.0
  var cosine = 0.0
  findSineAndCosine(of: angle, sine: &sine, cosine: &cosine)
  return (sine, cosine)
}

/// The same, written straight to where they are kept.
@inline(__always)
func findSineAndCosine(
  of angle: Double, sine: UnsafeMutablePointer<Double>, cosine: UnsafeMutablePointer<Double>
) {
  ctrigonometry_sine_and_cosine(angle, sine, cosine)
}
