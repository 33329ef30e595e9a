#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Child processes.
extension Platform {
  /// Starts a program in a process group of its own, with the three descriptors as its standard ones.
  ///
  /// Signals that this process ignores or blocks for its own reasons go back to their defaults in the child.
  static func spawn(
    path: String,
    arguments: [String],
    environment: [String],
    standard: (Int32, Int32, Int32)
  ) -> Result<Int32, SystemError> {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
      let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_CLOEXEC_DEFAULT
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
      let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, standard.0, 0)
    posix_spawn_file_actions_adddup2(&actions, standard.1, 1)
    posix_spawn_file_actions_adddup2(&actions, standard.2, 2)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    posix_spawnattr_setpgroup(&attributes, 0)
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in signalsOfWrites { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)

    var argumentPointers = arguments.map { strdup($0) } + [nil]
    var environmentPointers = environment.map { strdup($0) } + [nil]
    defer { (argumentPointers + environmentPointers).forEach { free($0) } }
    var process: pid_t = 0
    let failure = posix_spawn(&process, path, &actions, &attributes, &argumentPointers, &environmentPointers)
    return failure == 0 ? .success(process) : .failure(SystemError(number: failure))
  }

  /// Whether the child has ended; it stays a zombie, so that its group's number stays taken.
  static func hasEnded(_ process: Int32) -> Bool {
    var information = siginfo_t()
    information.si_signo = 0
    let result = waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT)
    return result != 0 ? errno == ECHILD : information.si_signo != 0
  }

  /// Waits for the end of the child and removes it from the process table.
  static func reap(_ process: Int32) -> ChildProcess.Exit? {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return nil }
    }
    let signal = status & 0x7f
    return signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
  }

  /// Whether a signal has stopped the child, as reading a terminal from the background does.
  static func isStopped(_ process: Int32) -> Bool {
    var information = siginfo_t()
    information.si_signo = 0
    let result = waitid(P_PID, id_t(process), &information, WSTOPPED | WNOHANG | WNOWAIT)
    return result == 0 && information.si_signo != 0
  }

  static func kill(group: Int32, _ signal: Int32) { _ = systemKill(-group, signal) }

  static let terminate = SIGTERM
  static let killNow = SIGKILL
}

// Inside `Platform` these names mean its own members.
private func systemKill(_ process: Int32, _ signal: Int32) -> Int32 { kill(process, signal) }
