#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

import GymwireIO
import Synchronization

/// What the tests need from the system beside the library under test.
enum TestPlatform {
  struct Failure: Error {}

  static let terminateSignal = SIGTERM
  static let killSignal = SIGKILL
  static let brokenPipeSignal = SIGPIPE

  /// Both ends of a pipe, which the test closes.
  static func pipe() throws -> (reading: FileDescriptor, writing: FileDescriptor) {
    var ends: [Int32] = [-1, -1]
    guard makePipe(&ends) == 0 else { throw Failure() }
    return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
  }

  static func setNonBlocking(_ descriptor: FileDescriptor) {
    _ = fcntl(descriptor.rawValue, F_SETFL, fcntl(descriptor.rawValue, F_GETFL) | O_NONBLOCK)
  }

  /// Whether the number belongs to no process any more, not even to a zombie.
  static func isGone(_ process: Int32) -> Bool { kill(process, 0) != 0 && errno == ESRCH }

  /// Whether the process runs no more; a zombie that somebody else has to reap counts as dead.
  static func isDead(_ process: Int32) -> Bool {
    if isGone(process) { return true }
    guard let status = contents("/proc/\(process)/stat") else { return false }
    return status.split(separator: ")").last?.hasPrefix(" Z") ?? false
  }

  static func kill(_ process: Int32, _ signal: Int32) -> Int32 { sendSignal(process, signal) }

  /// Whether the condition comes true within a minute.
  static func eventually(_ condition: () -> Bool) -> Bool {
    for _ in 0..<12_000 {
      if condition() { return true }
      usleep(5000)
    }
    return condition()
  }

  static func sleep(milliseconds: UInt32) { usleep(milliseconds * 1000) }

  static let interruptSignal = SIGINT
  static let hangUpSignal = SIGHUP

  /// Sends this process a signal; it has arrived when the call returns.
  static func signalThisProcess(_ signal: Int32) {
    unblockSignals()
    raiseSignal(signal)
  }

  /// Threads of a pool, on which tests run, are born with every signal blocked.
  private static func unblockSignals() {
    var signals = sigset_t()
    sigfillset(&signals)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }

  static func afterwards(milliseconds: UInt32, _ body: @escaping @Sendable () -> Void) {
    _ = startThread {
      sleep(milliseconds: milliseconds)
      body()
    }
  }

  static func exit(_ status: Int32) -> Never {
    fflush(nil)
    endProcess(status)
  }

  /// Runs a shell command with this process's own standard descriptors.
  static func system(_ command: String) { _ = runCommand(command) }

  /// The descriptors that this process has open.
  static func openDescriptorCount() -> Int { (0..<4096).filter { fcntl(Int32($0), F_GETFD) != -1 }.count }

  static func contents(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// A new directory that is removed afterwards.
  static func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/gymwire-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure() }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = try? ChildProcess(command: ["rm", "-rf", path]).exit(within: .seconds(10)) }
    return try body(path)
  }

  static func write(_ text: String, to path: String, mode: UInt16 = 0o644) throws {
    guard let file = fopen(path, "w") else { throw Failure() }
    fputs(text, file)
    fclose(file)
    guard chmod(path, mode_t(mode)) == 0 else { throw Failure() }
  }

  /// Runs each body on a thread of its own that takes signals, and interrupts them all every half millisecond.
  static func runInterrupted(_ bodies: [@Sendable () -> Void]) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = { _ in }
    #else
      action.__sigaction_handler.sa_handler = { _ in }
    #endif
    sigaction(SIGUSR2, &action, nil)
    let running = Counter(bodies.count)
    let threads = bodies.compactMap { body in
      startThread {
        unblockSignals()
        body()
        running.value.subtract(1, ordering: .releasing)
      }
    }
    while running.value.load(ordering: .acquiring) > 0 {
      for thread in threads { pthread_kill(thread, SIGUSR2) }
      usleep(500)
    }
    for thread in threads { pthread_join(thread, nil) }
  }

  private final class Counter: Sendable {
    let value: Atomic<Int>
    init(_ value: Int) { self.value = Atomic(value) }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let failure = pthread_create(&thread, nil, { run($0) }, work)
    #else
      var thread = pthread_t()
      let failure = pthread_create(&thread, nil, { argument in argument.flatMap { run($0) } }, work)
    #endif
    return failure == 0 ? thread : nil

    func run(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
      Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
      return nil
    }
  }
}

private func raiseSignal(_ signal: Int32) { raise(signal) }
private func endProcess(_ status: Int32) -> Never { exit(status) }
private func runCommand(_ command: String) -> Int32 {
  #if os(Linux) || os(macOS)
    return system(command)
  #else
    return -1
  #endif
}
private func makePipe(_ ends: UnsafeMutablePointer<Int32>) -> Int32 { pipe(ends) }
private func sendSignal(_ process: Int32, _ signal: Int32) -> Int32 { kill(process, signal) }

extension FileDescriptor {
  /// Everything up to the end, as text.
  func readToEnd() throws -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try read(into: $0) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}

extension ServerConnection {
  /// Sends a line and returns the reply as text.
  func ask(_ request: String) throws -> String {
    try Array((request + "\n").utf8).withUnsafeBytes { try send($0) }
    return String(decoding: try receiveLine(), as: UTF8.self)
  }
}
