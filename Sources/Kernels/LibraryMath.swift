#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// The platform's own functions, under names that cannot be confused with the kernels'.

func libraryTanh(_ x: Double) -> Double { tanh(x) }
func libraryExp(_ x: Double) -> Double { exp(x) }
func libraryLog(_ x: Double) -> Double { log(x) }
func librarySine(_ x: Double) -> Double { sin(x) }
func libraryCosine(_ x: Double) -> Double { cos(x) }
