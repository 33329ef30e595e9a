import Synchronization

/// Bounds the time that one thread spends in reads and writes that block.
///
/// A blocking read costs one system call, a poll in front of it a second one, and a clock a third; on one processor
/// that is a sixth of a round trip. So the waiting thread only counts its waits, and ``ProcessMonitor`` looks now and
/// then whether the count has moved. When it has not for too long, the monitor states the verdict and interrupts the
/// thread's system call with a signal, again and again until the wait is over.
///
/// A thread that gets bytes which are no answer never blocks. It begins its wait all the same, and looks at the verdict
/// whenever more of them have come.
final class WaitGuard: Sendable {
  enum Verdict: UInt8 {
    case none, timedOut, interrupted
    /// The process that should write has ended, and somebody else keeps its output open.
    case ended
  }

  /// After a request to stop, a server has this many nanoseconds to finish what it does.
  static let patienceAfterInterruption: UInt64 = 1_000_000_000

  private let process: Int32
  private let patience: UInt64
  // Odd while the thread waits. Only the waiting thread writes it.
  private let count = Atomic<UInt64>(0)
  private let thread = Atomic<UInt>(0)
  private let limit = Atomic<UInt64>(.max)
  private let state = Atomic<UInt8>(Verdict.none.rawValue)

  /// What to tell people once a wait has lasted for a second.
  private let notice = Mutex<String?>(nil)

  private struct Observation {
    var count: UInt64 = 0
    var since: UInt64 = 0
    var interruptedSince: UInt64?
  }
  private let observation = Mutex(Observation())

  /// - Parameters:
  ///   - process: the child that is waited for; 0 if it is none.
  ///   - patience: how many nanoseconds a wait may go on for after a request to stop.
  init(process: Int32 = 0, patience: UInt64 = patienceAfterInterruption) {
    (self.process, self.patience) = (process, patience)
  }

  var verdict: Verdict { Verdict(rawValue: state.load(ordering: .acquiring)) ?? .none }

  /// The longest time for one wait from now on, exact to about two ticks of the monitor.
  func setLimit(_ duration: Duration) {
    let nanoseconds = duration / .nanoseconds(1)
    limit.store(nanoseconds < 1e19 ? UInt64(max(0, nanoseconds)) : .max, ordering: .relaxed)
  }

  /// What people are told, once, when a wait takes longer than a second; nil for nothing.
  func announce(_ text: String?) { notice.withLock { $0 = text } }

  /// Called before anything that may block; a wait that has begun goes on.
  @inline(__always)
  func begin() {
    let current = count.load(ordering: .relaxed)
    guard current & 1 == 0 else { return }
    let caller = Platform.currentThread()
    if thread.load(ordering: .relaxed) != caller { adopt(caller) }
    state.store(Verdict.none.rawValue, ordering: .relaxed)
    count.store(current &+ 1, ordering: .releasing)
  }

  @inline(__always)
  func end() {
    let current = count.load(ordering: .relaxed)
    if current & 1 == 1 { count.store(current &+ 1, ordering: .releasing) }
  }

  private func adopt(_ caller: UInt) {
    // Threads of a pool are born with every signal blocked.
    Platform.allowWaking()
    thread.store(caller, ordering: .relaxed)
  }

  /// Called by the monitor at every tick.
  func look(now: UInt64) {
    let current = count.load(ordering: .acquiring)
    let reached = observation.withLock { observed -> Verdict in
      let isOld = current == observed.count
      if !isOld {
        observed.count = current
        observed.since = now
      }
      guard current & 1 == 1 else { return .none }
      if now &- observed.since > 1_000_000_000 { tell() }
      if now &- observed.since > limit.load(ordering: .relaxed) { return .timedOut }
      // Only one that has waited since the last tick: what the process wrote before its end is read first.
      if isOld, process > 0, Platform.hasEnded(process) { return .ended }
      guard Interruption.isRequested else { return .none }
      let since = observed.interruptedSince ?? now
      observed.interruptedSince = since
      return now &- max(since, observed.since) >= patience ? .interrupted : .none
    }
    guard reached != .none else { return }
    state.store(reached.rawValue, ordering: .releasing)
    Platform.wake(thread.load(ordering: .relaxed))
  }

  private func tell() {
    let text = notice.withLock { text -> String? in
      defer { text = nil }
      return text
    }
    if let text { StandardStreams.report(text) }
  }
}
