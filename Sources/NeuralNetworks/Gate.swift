import Dispatch
import Synchronization

/// A count that one thread raises and another waits for, at first by looking again and again, then asleep.
///
/// Waking a sleeper takes several microseconds, and between two jobs of an update there is usually less to wait. Between two
/// updates the environment's process may need this processor, so after some looks the waiting thread lets others run
/// between them. Where they keep the processor for long, there are no such looks for a while.
final class Gate: Sendable {
  private static let looks = 1_000
  /// Looks of a wait that lets nobody run.
  private static let looksAlone = 20_000
  private static let yields = 128
  /// A process that needs no more than a step of an environment is back before so many nanoseconds.
  private static let longYield: UInt64 = 100_000
  /// How many waits let nobody run after a long yield: so many, and four times as many after each further one.
  private static let waitsAlone = 64...16_384

  private let count = Atomic<Int>(0)
  private let isAsleep = Atomic<Bool>(false)
  private let alarm = DispatchSemaphore(value: 0)
  // Of the waiting thread alone.
  private let waitsAloneLeft = Atomic<Int>(0)
  private let waitsAloneNext = Atomic<Int>(Gate.waitsAlone.lowerBound)

  /// Adds one, and wakes the waiting thread if it sleeps.
  func raise() {
    count.add(1, ordering: .sequentiallyConsistent)
    if isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
      alarm.signal()
    }
  }

  /// Returns once the count is at least `target`; only one thread may wait at a time.
  func wait(for target: Int) {
    let left = waitsAloneLeft.load(ordering: .relaxed)
    for _ in 0..<(left > 0 ? Self.looksAlone : Self.looks) where count.load(ordering: .acquiring) >= target {
      return
    }
    if left > 0 {
      waitsAloneLeft.store(left - 1, ordering: .relaxed)
    } else if waitLettingOthersRun(for: target) {
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

  /// Returns whether the count has come.
  private func waitLettingOthersRun(for target: Int) -> Bool {
    let next = waitsAloneNext.load(ordering: .relaxed)
    var before = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<Self.yields {
      if count.load(ordering: .acquiring) >= target {
        waitsAloneNext.store(max(next - 1, Self.waitsAlone.lowerBound), ordering: .relaxed)
        return true
      }
      letOthersRun()
      let now = DispatchTime.now().uptimeNanoseconds
      if now - before > Self.longYield {
        waitsAloneLeft.store(next, ordering: .relaxed)
        waitsAloneNext.store(min(4 * next, Self.waitsAlone.upperBound), ordering: .relaxed)
        return false
      }
      before = now
    }
    return false
  }
}
