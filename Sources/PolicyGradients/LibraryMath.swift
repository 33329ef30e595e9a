#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// The platform's functions in single precision, under names that no generic overload can catch.

func exponential(_ x: Float) -> Float { expf(x) }
func logarithm(_ x: Float) -> Float { logf(x) }
func hyperbolicTangent(_ x: Float) -> Float { tanhf(x) }
func power(_ base: Float, _ exponent: Float) -> Float { powf(base, exponent) }

// The same in double precision.

func librarySine(_ x: Double) -> Double { sin(x) }
func libraryCosine(_ x: Double) -> Double { cos(x) }
func libraryExponential(_ x: Double) -> Double { exp(x) }
func libraryPower(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// ln(1 + eˣ) without overflow.
func softplus(_ x: Float) -> Float { max(x, 0) + log1pf(expf(-abs(x))) }

/// 1 / (1 + e⁻ˣ) without overflow.
func sigmoid(_ x: Float) -> Float {
  let small = expf(-abs(x))
  return x >= 0 ? 1 / (1 + small) : small / (1 + small)
}
