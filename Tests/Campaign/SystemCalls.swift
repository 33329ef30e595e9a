#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the campaign needs from the system, in one place.
enum SystemCalls {
  static let killNow = SIGKILL
  static let stop = SIGSTOP
  static let goOn = SIGCONT
  static let terminate = SIGTERM
  static let interrupt = SIGINT

  static let ownProcess = getpid()

  @discardableResult
  static func send(_ signal: Int32, to process: Int32) -> Bool { kill(process, signal) == 0 }

  static func setEnvironment(_ name: String, _ value: String) { setenv(name, value, 1) }

  static func sleep(seconds: Double) { usleep(UInt32(seconds * 1e6)) }

  /// Seconds of a clock that nobody turns.
  static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
