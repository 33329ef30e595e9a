import Synchronization

/// The process groups of all living children, where a signal handler can read them.
///
/// A fixed table in memory that is never freed: a handler may interrupt this process at any instruction, so it takes
/// no lock and allocates nothing. A child that finds the table full is only not covered by a sudden end.
enum LiveChildren {
  private static let capacity = 4096

  // The pointer never changes, and what it points to is atomic.
  nonisolated(unsafe) private static let slots: UnsafeMutablePointer<Atomic<Int32>> = {
    let slots = UnsafeMutablePointer<Atomic<Int32>>.allocate(capacity: capacity)
    for index in 0..<capacity { (slots + index).initialize(to: Atomic(0)) }
    // A process that calls exit() without having closed its children must not leave them behind.
    Platform.atExit { LiveChildren.killAll() }
    return slots
  }()

  /// Makes the table, so that a signal handler never has to.
  static func prepare() { _ = slots }

  static func add(group: Int32) {
    for index in 0..<capacity
    where slots[index].compareExchange(expected: 0, desired: group, ordering: .relaxed).exchanged {
      return
    }
  }

  static func remove(group: Int32) {
    for index in 0..<capacity
    where slots[index].compareExchange(expected: group, desired: 0, ordering: .relaxed).exchanged {
      return
    }
  }

  /// Ends every group at once; safe in a signal handler.
  static func killAll() {
    for index in 0..<capacity {
      let group = slots[index].load(ordering: .relaxed)
      if group > 0 { Platform.kill(group: group, Platform.killNow) }
    }
  }
}
