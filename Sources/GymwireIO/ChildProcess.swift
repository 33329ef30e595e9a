import Synchronization

/// A program that runs beside this one, in a process group of its own, with its three streams in our hands.
///
/// Its standard error is drained from the start, whatever else happens. It ends with ``terminate(grace:)`` at the
/// latest when the object goes; with a sudden end of this program its input ends, which a server takes as its close.
public final class ChildProcess {
  /// How a process ended.
  public enum Exit: Hashable, Sendable, CustomStringConvertible {
    /// By itself, with this exit status.
    case status(Int32)
    /// By this signal.
    case signal(Int32)

    /// What happened, to follow the name of the process: "exited with status 3", "was killed by SIGSEGV".
    public var description: String {
      switch self {
      case .status(let status): "exited with status \(status)"
      case .signal(let signal): "was killed by \(Platform.describe(signal: signal))"
      }
    }
  }

  /// Held from the first pipe to the spawn: until its close-on-exec mark is set, a descriptor would leak into a child
  /// that another thread starts, and that child would keep this one's streams open.
  private static let spawning = Mutex(())

  /// The program and its arguments.
  public let command: [String]
  /// The number of the process, and of its process group.
  public let processIdentifier: Int32
  /// Where the child's standard output arrives.
  public let output: FileDescriptor
  /// What feeds the child's standard input.
  public let input: FileDescriptor

  private let drain: StandardErrorDrain
  private var isInputOpen = true
  private var isClosed = false
  private var isReaped = false
  private var finalExit: Exit?

  /// Starts a program without a shell.
  ///
  /// The directory of the running executable comes first on the child's PATH. A first word with a slash is a path from
  /// the current directory; one without is searched for on that PATH.
  /// - Parameters:
  ///   - command: the program and its arguments, at least one word.
  ///   - showsStandardError: passes its standard error on to ours, each line with `[name] ` in front.
  /// - Throws: `ChildProcessError`, with advice.
  public init(command: [String], showsStandardError: Bool = false) throws(ChildProcessError) {
    self.command = command
    var environment = Platform.environment()
    let search = ExecutableSearch(environment: environment)
    let path = try search.resolve(command)
    environment.removeAll { $0.hasPrefix("PATH=") }
    environment.append("PATH=" + search.path)
    LiveChildren.prepare()

    let streams = Self.spawning.withLock { _ in
      Self.start(path: path, command: command, environment: environment)
    }
    let started = try streams.get()
    processIdentifier = started.process
    input = FileDescriptor(rawValue: started.input)
    output = FileDescriptor(rawValue: started.output)
    LiveChildren.add(group: processIdentifier)
    input.raisePipeCapacity()
    output.raisePipeCapacity()
    drain = StandardErrorDrain(
      descriptor: started.error,
      prefix: showsStandardError ? "[\(Self.name(of: command))] " : nil
    )
    ProcessMonitor.shared.add(drain)
  }

  /// Refuses a command whose program is not there or may not be run, without starting it.
  ///
  /// - Throws: what ``init(command:showsStandardError:)`` would throw because of that.
  public static func requireProgram(of command: [String]) throws(ChildProcessError) {
    _ = try ExecutableSearch(environment: Platform.environment()).resolve(command)
  }

  deinit { terminate() }

  /// A short name for messages: the program's file name, or its script's when the program is an interpreter.
  public var name: String { Self.name(of: command) }

  /// The command as one would type it.
  public var commandLine: String { ShellWords.quote(command) }

  private typealias Streams = (process: Int32, input: Int32, output: Int32, error: Int32)

  private static func start(
    path: String,
    command: [String],
    environment: [String]
  ) -> Result<Streams, ChildProcessError> {
    var pipes: [(reading: Int32, writing: Int32)] = []
    func closeAll() {
      for pipe in pipes {
        Platform.close(pipe.reading)
        Platform.close(pipe.writing)
      }
    }
    for _ in 0..<3 {
      switch Platform.pipe() {
      case .success(let pipe): pipes.append(pipe)
      case .failure(let error):
        closeAll()
        let detail = "no pipes to it could be made: \(error)"
        return .failure(ChildProcessError(reason: .system, command: command, detail: detail))
      }
    }
    let spawned = Platform.spawn(
      path: path,
      arguments: command,
      environment: environment,
      standard: (pipes[0].reading, pipes[1].writing, pipes[2].writing)
    )
    switch spawned {
    case .failure(let error):
      closeAll()
      return .failure(ExecutableSearch.refusal(path: path, command: command, error: error))
    case .success(let process):
      Platform.close(pipes[0].reading)
      Platform.close(pipes[1].writing)
      Platform.close(pipes[2].writing)
      return .success((process, pipes[0].writing, pipes[1].reading, pipes[2].reading))
    }
  }

  private static func name(of command: [String]) -> String {
    func base(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
    let program = base(command.first ?? "")
    let isInterpreter =
      program.hasPrefix("python")
      || ["node", "sh", "bash", "env", "ruby", "perl", "lua", "java", "deno", "bun", "uv"].contains(program)
    guard isInterpreter, command.count > 1, !command[1].hasPrefix("-") else { return program }
    return base(command[1])
  }

  /// The last lines of the child's standard error, oldest first; at most 4 kB are kept.
  public func lastErrorLines(_ count: Int = 10) -> [String] { drain.lastLines(count) }

  /// Whether a signal has stopped it, as reading the terminal from the background does.
  public var isStopped: Bool { !isReaped && Platform.isStopped(processIdentifier) }

  /// Sends it SIGTERM, upon which a program keeps what it has and ends.
  public func askToStop() {
    if !hasEnded { Platform.kill(group: processIdentifier, Platform.terminate) }
  }

  /// Waits until one of several children has ended, or for as long as `limit`.
  public static func waitForOne(of children: [ChildProcess], limit: Duration) {
    let nanoseconds = UInt64(max(0, min(limit / .nanoseconds(1), 1e18)))
    let start = Platform.nanoseconds()
    while !children.isEmpty, !children.contains(where: \.hasEnded) {
      let elapsed = Platform.nanoseconds() &- start
      guard elapsed < nanoseconds else { return }
      Platform.sleep(nanoseconds: min(2_000_000, nanoseconds - elapsed))
    }
  }

  /// Ends the child's input, which asks it to finish.
  public func closeInput() {
    guard isInputOpen else { return }
    isInputOpen = false
    input.close()
  }

  /// How the child has ended, once it has; waits at most as long as `limit` for that, and not after somebody has asked
  /// this program to stop.
  public func exit(within limit: Duration = .zero) -> Exit? {
    if isReaped { return finalExit }
    guard Self.wait(for: [self], limit: limit, unless: { Interruption.isRequested }) else { return nil }
    reap()
    return finalExit
  }

  /// Ends the child and everything in its group: closes its input, waits, asks with SIGTERM, waits, kills.
  ///
  /// Afterwards there is no such process, no zombie, and no open descriptor to it. May be called again.
  /// - Parameter grace: the time to wait at each of the two stages.
  /// - Returns: how it ended; nil when the system could not even kill it.
  @discardableResult
  public func terminate(grace: Duration = .seconds(2)) -> Exit? {
    Self.terminate([self], grace: grace)
    return finalExit
  }

  /// Ends several children side by side, so that together they take no longer than the slowest.
  public static func terminate(_ children: [ChildProcess], grace: Duration = .seconds(2)) {
    let open = children.filter { !$0.isClosed }
    for child in open { child.closeInput() }
    if !wait(for: open, limit: grace) { stop(open, grace: grace) }
    for child in open { child.close() }
  }

  /// Ends the child and its group without asking politely first: a server that has failed gets half a second.
  public func kill() {
    guard !isClosed else { return }
    closeInput()
    if !hasEnded { Self.stop([self], grace: .milliseconds(500)) }
    close()
  }

  private static func stop(_ children: [ChildProcess], grace: Duration) {
    for child in children where !child.hasEnded { Platform.kill(group: child.processIdentifier, Platform.terminate) }
    if wait(for: children, limit: grace) { return }
    for child in children where !child.hasEnded { Platform.kill(group: child.processIdentifier, Platform.killNow) }
    // A process that hangs inside the kernel outlives even that; it must not take this one with it.
    _ = wait(for: children, limit: .seconds(2))
  }

  private func close() {
    isClosed = true
    if hasEnded { reap() }
    drain.close()
    ProcessMonitor.shared.remove(drain)
    output.close()
  }

  var hasEnded: Bool { isReaped || Platform.hasEnded(processIdentifier) }

  private func reap() {
    guard !isReaped else { return }
    // Whoever the child has left behind goes too. The zombie keeps the group's number from being given to strangers.
    Platform.kill(group: processIdentifier, Platform.killNow)
    finalExit = Platform.reap(processIdentifier)
    isReaped = true
    LiveChildren.remove(group: processIdentifier)
  }

  private static func wait(
    for children: [ChildProcess], limit: Duration, unless isHopeless: () -> Bool = { false }
  ) -> Bool {
    let nanoseconds = UInt64(max(0, min(limit / .nanoseconds(1), 1e18)))
    let start = Platform.nanoseconds()
    var pause: UInt64 = 100_000
    while !children.allSatisfy(\.hasEnded) {
      let elapsed = Platform.nanoseconds() &- start
      guard elapsed < nanoseconds, !isHopeless() else { return false }
      Platform.sleep(nanoseconds: min(pause, nanoseconds - elapsed))
      pause = min(pause * 2, 5_000_000)
    }
    return true
  }
}
