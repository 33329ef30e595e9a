/// How long a driver has waited for an answer that it looks for again and again while it does other things too.
///
/// Only the time between two looks that follow each other soon counts: a driver may learn for minutes in between, and a
/// server whose answer nobody has read is not late.
struct PolledWait {
  private static let longestGap: UInt64 = 250_000_000
  private static let inspectionInterval: UInt64 = 100_000_000
  private var last: UInt64?
  private var waited: UInt64 = 0
  private var inspected: UInt64 = 0

  /// Notes that a request has been sent.
  mutating func begin() { (last, waited, inspected) = (nil, 0, 0) }

  /// Counts the time since the last look.
  mutating func look() {
    let now = Platform.nanoseconds()
    waited &+= min(now &- (last ?? now), Self.longestGap)
    last = now
  }

  /// Whether the wait has lasted longer than it may.
  func isOver(_ limit: Duration) -> Bool { .nanoseconds(waited) > limit }

  /// Whether to look after the process itself, which costs a system call, now.
  mutating func isInspectionDue() -> Bool {
    guard waited &- inspected >= Self.inspectionInterval else { return false }
    inspected = waited
    return true
  }
}
