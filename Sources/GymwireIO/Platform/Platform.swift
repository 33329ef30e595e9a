#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The operating system, as this target sees it: the only folder that imports the C library.
///
/// Calls that move bytes return what the kernel does, a count or minus an error number, so that no other call can come
/// between a failure and its reason. None of them retries: a caller that waits has to look up when it is interrupted.
enum Platform {
  static func exit(_ status: Int32) -> Never { systemExit(status) }

  static func describe(error number: Int32) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }

  static func describe(signal number: Int32) -> String {
    let names: [Int32: String] = [
      SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP",
      SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1",
      SIGSEGV: "SIGSEGV", SIGUSR2: "SIGUSR2", SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM",
      SIGSTOP: "SIGSTOP", SIGTSTP: "SIGTSTP", SIGTTIN: "SIGTTIN", SIGTTOU: "SIGTTOU", SIGXCPU: "SIGXCPU",
      SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
    ]
    return names[number] ?? "signal \(number)"
  }
}

/// An error number of the operating system.
struct SystemError: Error, Equatable, CustomStringConvertible {
  let number: Int32

  var description: String { Platform.describe(error: number) }

  static let none = SystemError(number: 0)
  static let interrupted = SystemError(number: EINTR)
  static let wouldBlock = SystemError(number: EAGAIN)
  static let brokenPipe = SystemError(number: EPIPE)
  static let missing = SystemError(number: ENOENT)
  static let denied = SystemError(number: EACCES)
  static let exists = SystemError(number: EEXIST)
  static let isDirectory = SystemError(number: EISDIR)
  static let notAProgram = SystemError(number: ENOEXEC)
}

// Inside `Platform` these names mean its own members, and a module's name in front of them would differ by platform.
private func systemExit(_ status: Int32) -> Never { exit(status) }
