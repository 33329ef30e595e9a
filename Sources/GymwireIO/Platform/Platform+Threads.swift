#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Time and threads.
extension Platform {
  /// Nanoseconds of a clock that never goes back.
  static func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Lets another thread that wants this processor run before this one goes on.
  static func letOthersRun() { _ = sched_yield() }

  static func sleep(nanoseconds: UInt64) {
    var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    nanosleep(&time, nil)
  }

  /// A number for the calling thread; what the C library makes of a thread is its own affair.
  @inline(__always)
  static func currentThread() -> UInt {
    #if canImport(Glibc)
      return pthread_self()
    #else
      return UInt(bitPattern: pthread_self())
    #endif
  }

  static func wake(_ thread: UInt) {
    #if canImport(Glibc)
      pthread_kill(thread, wakeSignal)
    #else
      if let thread = pthread_t(bitPattern: thread) { pthread_kill(thread, wakeSignal) }
    #endif
  }

  static func allowWaking() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, wakeSignal)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  /// The one signal that every program ignores by default and that a terminal never sends.
  static let wakeSignal = SIGURG

  /// Starts a thread that takes no signals, so that they reach the threads that wait for them.
  static func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Body: Sendable {
      let run: @Sendable () -> Void
      init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    let box = Unmanaged.passRetained(Body(body)).toOpaque()
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    #if canImport(Darwin)
      var thread: pthread_t?
      let failure = pthread_create(&thread, nil, { run($0) }, box)
      if let thread, failure == 0 { pthread_detach(thread) }
    #else
      var thread = pthread_t()
      let failure = pthread_create(&thread, nil, { argument in argument.flatMap { run($0) } }, box)
      if failure == 0 { pthread_detach(thread) }
    #endif
    pthread_sigmask(SIG_SETMASK, &previous, nil)

    func run(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
      Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }
  }
}
