#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

func naturalLogarithm(_ x: Double) -> Double { log(x) }

/// Lets another thread that waits for this processor have it.
func letOthersRun() { sched_yield() }
