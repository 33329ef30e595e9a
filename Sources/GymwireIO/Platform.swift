#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The operating system, as this target sees it: the only file that imports the C library.
///
/// Calls that move bytes return what the kernel does, a count or minus an error number, so that no other call can come
/// between a failure and its reason. None of them retries: a caller that waits has to look up when it is interrupted.
enum Platform {
  // MARK: Bytes

  @inline(__always)
  static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
    return count < 0 ? -Int(errno) : count
  }

  @inline(__always)
  static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    let count = systemWrite(descriptor, bytes.baseAddress, bytes.count)
    return count < 0 ? -Int(errno) : count
  }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  static func exit(_ status: Int32) -> Never { systemExit(status) }

  /// Opens a new or emptied file for writing; a negative result is an error number.
  static func create(_ path: String) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    return descriptor < 0 ? -errno : descriptor
  }

  /// Opens a file to write at its end; a negative result is an error number.
  static func openForAppending(_ path: String) -> Int32 {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    return descriptor < 0 ? -errno : descriptor
  }

  /// Waits until what was written is on the disk; a negative result is an error number.
  static func synchronize(_ descriptor: Int32) -> Int32 { fsync(descriptor) < 0 ? -errno : 0 }

  /// Waits until a directory's entries are on the disk, as far as the system can promise that.
  static func synchronize(directory path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  /// Gives a file another name, replacing what has it; a negative result is an error number.
  static func rename(_ path: String, to target: String) -> Int32 { systemRename(path, target) < 0 ? -errno : 0 }

  static func unlink(_ path: String) { _ = systemUnlink(path) }

  /// Waits until the descriptor can be read (or has ended); 0 means that the time is over.
  static func poll(_ descriptor: Int32, forWriting: Bool = false, milliseconds: Int32) -> Int {
    var entry = pollfd(fd: descriptor, events: Int16(forWriting ? POLLOUT : POLLIN), revents: 0)
    let count = systemPoll(&entry, 1, milliseconds)
    return count < 0 ? -Int(errno) : Int(count)
  }

  /// Waits until one of the descriptors can be read, and returns those that can.
  static func readable(_ descriptors: [Int32], milliseconds: Int32) -> [Int32] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard systemPoll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return [] }
    return entries.filter { $0.revents != 0 }.map(\.fd)
  }

  // MARK: Descriptors

  static func close(_ descriptor: Int32) { _ = systemClose(descriptor) }

  /// Both ends of a new pipe, closed by `exec`, and never one of the three standard descriptors.
  ///
  /// A process that was started with its standard input closed gets descriptor 0 for its first pipe, and redirecting
  /// 0 onto 0 in a child would leave it closed by `exec`.
  static func pipe() -> Result<(reading: Int32, writing: Int32), SystemError> {
    var ends: [Int32] = [-1, -1]
    guard systemPipe(&ends) == 0 else { return .failure(SystemError(number: errno)) }
    for end in 0..<2 {
      if ends[end] > 2 {
        _ = fcntl(ends[end], F_SETFD, FD_CLOEXEC)
      } else {
        let moved = fcntl(ends[end], F_DUPFD_CLOEXEC, 3)
        let failure = SystemError(number: errno)
        close(ends[end])
        guard moved >= 0 else {
          close(ends[1 - end])
          return .failure(failure)
        }
        ends[end] = moved
      }
    }
    return .success((ends[0], ends[1]))
  }

  /// A second number for the same open file, closed by `exec` and above the standard three; minus an error number.
  static func duplicate(_ descriptor: Int32) -> Int32 {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    return copy < 0 ? -errno : copy
  }

  static func redirect(_ descriptor: Int32, to target: Int32) -> Int32 {
    dup2(target, descriptor) < 0 ? -errno : 0
  }

  static func setNonBlocking(_ descriptor: Int32) {
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) }
  }

  /// Asks for a larger pipe, where the system can; a refusal changes nothing.
  static func raisePipeCapacity(_ descriptor: Int32, to bytes: Int32) {
    #if os(Linux) || os(Android)
      let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, which the C library's module does not show
      _ = fcntl(descriptor, setPipeSize, bytes)
    #endif
  }

  /// A descriptor of its own on the same pipe whose reads never wait, or nil where the system has no such thing.
  ///
  /// `O_NONBLOCK` belongs to the open file, which a standard input shares with strangers; this is another open file.
  static func nonBlockingTwin(ofPipe descriptor: Int32) -> Int32? {
    #if os(Linux) || os(Android)
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return nil }
      let twin = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      return twin < 0 ? nil : twin
    #else
      return nil
    #endif
  }

  // MARK: Files

  enum FileKind { case missing, directory, executable, notExecutable }

  static func kind(of path: String) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    if status.st_mode & S_IFMT == S_IFDIR { return .directory }
    return access(path, X_OK) == 0 ? .executable : .notExecutable
  }

  /// The beginning of a file, at most `limit` bytes, or nil when it cannot be read.
  static func beginning(of path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limit)
    var filled = 0
    while filled < limit {
      let count = bytes.withUnsafeMutableBytes { read(descriptor, .init(rebasing: $0[filled...])) }
      if count == -Int(EINTR) { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      filled += count
    }
    return Array(bytes[..<filled])
  }

  static func directoryEntries(_ path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          names.append(String(cString: $0))
        }
      }
    }
    return names
  }

  static func currentDirectory() -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    guard getcwd(&buffer, buffer.count) != nil else { return nil }
    return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
  }

  /// The absolute path of the running program, symbolic links resolved where the system does so.
  static func executablePath() -> String? {
    #if canImport(Darwin)
      var size: UInt32 = 4096
      var buffer = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&buffer, &size) == 0, let resolved = realpath(buffer, nil) else { return nil }
      defer { free(resolved) }
      return String(cString: resolved)
    #else
      guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
      defer { free(resolved) }
      return String(cString: resolved)
    #endif
  }

  static func environment() -> [String] {
    var entries: [String] = []
    var next = environmentPointer()
    while let pointer = next, let entry = pointer.pointee {
      entries.append(String(cString: entry))
      next = pointer + 1
    }
    return entries
  }

  private static func environmentPointer() -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    #if canImport(Darwin)
      return _NSGetEnviron().pointee
    #else
      return systemEnvironment()
    #endif
  }

  // MARK: Time and processors

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

  /// The processors that are on line, whether or not this process may use them.
  static func onlineProcessorCount() -> Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  // MARK: Child processes

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
    sigaddset(&signals, SIGPIPE)
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

  // MARK: Signals and threads

  static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

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

  /// Lets each of the signals do what it does by itself.
  static func restoreDefaults(_ signals: [Int32]) {
    for number in signals { _ = signal(number, SIG_DFL) }
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

  static let interrupts = [SIGINT, SIGTERM, SIGHUP]

  static func atExit(_ body: @escaping @convention(c) () -> Void) { atexit(body) }

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

  // MARK: Names

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

  static let interrupted = SystemError(number: EINTR)
  static let wouldBlock = SystemError(number: EAGAIN)
  static let brokenPipe = SystemError(number: EPIPE)
  static let missing = SystemError(number: ENOENT)
  static let denied = SystemError(number: EACCES)
  static let notAProgram = SystemError(number: ENOEXEC)
}

// Inside `Platform` these names mean its own members, and a module's name in front of them would differ by platform.
@inline(__always)
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
@inline(__always)
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemPoll(_ entries: UnsafeMutablePointer<pollfd>, _ count: nfds_t, _ milliseconds: Int32) -> Int32 {
  poll(entries, count, milliseconds)
}
private func systemClose(_ descriptor: Int32) -> Int32 { close(descriptor) }
private func systemPipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 { pipe(ends) }
private func systemKill(_ process: Int32, _ signal: Int32) -> Int32 { kill(process, signal) }
#if !canImport(Darwin)
  private func systemEnvironment() -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? { environ }
#endif
private func systemExit(_ status: Int32) -> Never { exit(status) }
private func systemRename(_ path: String, _ target: String) -> Int32 { rename(path, target) }
private func systemUnlink(_ path: String) -> Int32 { unlink(path) }
