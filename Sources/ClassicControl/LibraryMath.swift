import CLibraryMath

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// The platform's own functions, whose last bit decides whether a trajectory is Gymnasium's.

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
  clibrarymath_sine_and_cosine(angle, sine, cosine)
}

func libraryCosine(_ angle: Double) -> Double { cos(angle) }

/// `x ** 2` as Python and NumPy compute it: the library's power, whose last bit is now and then another than that of
/// `x * x`.
func librarySquare(_ x: Double) -> Double { clibrarymath_square(x) }
func librarySquare(_ x: Float) -> Float { clibrarymath_square_of_float(x) }
