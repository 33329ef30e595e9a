#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func doubleTanh(_ x: Double) -> Double { tanh(x) }
func doubleExp(_ x: Double) -> Double { exp(x) }
