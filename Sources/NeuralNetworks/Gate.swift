import Dispatch
import Synchronization

/// A count that one thread raises and another waits for, at first by looking again and again, then asleep.
final class Gate: Sendable {
  // Waking a sleeper takes several microseconds; between two updates there is usually less to wait.
  private static let looks = 20_000

  private let count = Atomic<Int>(0)
  private let isAsleep = Atomic<Bool>(false)
  private let alarm = DispatchSemaphore(value: 0)

  /// Adds one, and wakes the waiting thread if it sleeps.
  func raise() {
    count.add(1, ordering: .sequentiallyConsistent)
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
      alarm.signal()
    }
  }

  /// Returns once the count is at least `target`; only one thread may wait at a time.
  func wait(for target: Int) {
    for _ in 0..<Self.looks where count.load(ordering: .acquiring) >= target {
      return
    }
    while count.load(ordering: .sequentiallyConsistent) < target {
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      let hasCome = count.load(ordering: .sequentiallyConsistent) >= target
      // Whoever takes the flag back decides: if that was the raising thread, its signal must be consumed.
      if hasCome, isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
        return
      }
      alarm.wait()
    }
  }
}
