#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Signals that this process gets.
extension Platform {
  /// What ends a process at a write that could as well fail: nobody reads a pipe, a file may grow no further.
  static let signalsOfWrites = [SIGPIPE, SIGXFSZ]

  /// Makes such a write an error, instead of the end of this process.
  static func surviveWrites() { for number in signalsOfWrites { _ = signal(number, SIG_IGN) } }

  /// Calls `handler` on each of the signals; system calls that wait are interrupted and not restarted.
  static func handle(_ signals: [Int32], with handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #elseif canImport(Musl)
      action.__sa_handler.sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    sigemptyset(&action.sa_mask)
    for signal in signals { sigaction(signal, &action, nil) }
  }

  /// Whether somebody decided before this process began that the signal is to be ignored, as `nohup` does.
  static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    let ignore = unsafeBitCast(SIG_IGN, to: Int.self)
    #if canImport(Darwin)
      return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == ignore
    #elseif canImport(Musl)
      return unsafeBitCast(action.__sa_handler.sa_handler, to: Int.self) == ignore
    #else
      return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == ignore
    #endif
  }

  /// Lets the signal do what it does by default; safe in a signal handler, where it takes effect on return.
  static func dieOf(_ number: Int32) {
    _ = signal(number, SIG_DFL)
    raise(number)
  }

  /// Ends this process without another look at anything; safe in a signal handler.
  static func exitNow(_ status: Int32) -> Never { _exit(status) }

  static let interrupts = [SIGINT, SIGTERM, SIGHUP]

  static func atExit(_ body: @escaping @convention(c) () -> Void) { atexit(body) }
}
