import Synchronization

/// A request from outside to stop: Ctrl-C, a closed terminal, `kill`.
///
/// The first one only raises a flag, so that a program can finish what it is doing and keep what it has; waits for a
/// server that take longer than a second after it fail. A second one, half a second later or more, kills all children
/// and ends the program at once, as the signal itself would have.
public enum Interruption {
  private static let first = Atomic<Int32>(0)
  private static let since = Atomic<UInt64>(0)
  private static let endsAtOnce = Atomic(false)

  /// Starts to listen for SIGINT, SIGTERM and SIGHUP, but for those that the program was started to ignore (`nohup`).
  public static func install() {
    LiveChildren.prepare()
    UnusedDirectory.prepare()
    _ = first.load(ordering: .relaxed)
    _ = since.load(ordering: .relaxed)
    _ = endsAtOnce.load(ordering: .relaxed)
    Platform.handle(Platform.interrupts.filter { !Platform.isIgnored($0) }) { Interruption.arrive($0) }
  }

  /// Lets the signals end this program and its children at once from now on, with the status that ``exitStatus`` would
  /// have: for a command that has nothing to keep.
  public static func endAtOnce() {
    LiveChildren.prepare()
    Platform.handle(Platform.interrupts.filter { !Platform.isIgnored($0) }) { signal in
      LiveChildren.killAll()
      Platform.exitNow(128 + signal)
    }
  }

  /// Does what may take long and has nothing to keep: a request to stop that comes meanwhile, or has come already, ends
  /// all children and this program at once, with the status that ``exitStatus`` would have.
  public static func endingAtOnce<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    endsAtOnce.store(true, ordering: .relaxed)
    defer { endsAtOnce.store(false, ordering: .relaxed) }
    if isRequested { endNow(first.load(ordering: .relaxed)) }
    return try body()
  }

  private static func endNow(_ signal: Int32) -> Never {
    LiveChildren.killAll()
    UnusedDirectory.remove()
    Platform.writeConstant(FileDescriptor.standardError.rawValue, "stopped by a signal before it had begun\n")
    Platform.exitNow(128 + signal)
  }

  /// Whether somebody has asked this program to stop.
  public static var isRequested: Bool { first.load(ordering: .relaxed) != 0 }

  /// Whether it is so many nanoseconds ago that somebody has asked.
  static func hasWaited(_ nanoseconds: UInt64) -> Bool {
    isRequested && Platform.nanoseconds() &- since.load(ordering: .relaxed) >= nanoseconds
  }

  /// The signal's name, such as SIGINT, once somebody has asked.
  public static var signalName: String? {
    let signal = first.load(ordering: .relaxed)
    return signal == 0 ? nil : Platform.describe(signal: signal)
  }

  /// The exit status that tells a shell which signal ended the program: 128 and the signal's number.
  public static var exitStatus: Int32 { 128 + first.load(ordering: .relaxed) }

  // Runs as a signal handler: atomics, the clock, kill and raise are all that it may touch.
  private static func arrive(_ signal: Int32) {
    let now = Platform.nanoseconds()
    if first.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged {
      if endsAtOnce.load(ordering: .relaxed) { endNow(signal) }
      since.store(now, ordering: .relaxed)
    } else if now &- since.load(ordering: .relaxed) >= 500_000_000 {
      // Programs such as timeout(1) send one request twice in a row, hence the half second.
      LiveChildren.killAll()
      UnusedDirectory.remove()
      Platform.giveTerminalBack()
      Platform.dieOf(signal)
    }
  }
}
