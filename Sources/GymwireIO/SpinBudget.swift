/// Whether a reader may look several times for its next bytes before it goes to sleep for them.
public enum Spinning: Sendable {
  /// Where two or more processors are available to this process.
  case automatic
  /// Even on one processor.
  case always
  /// Not at all.
  case never

  var isEnabled: Bool {
    switch self {
    case .automatic: Processors.available > 1
    case .always: true
    case .never: false
    }
  }
}

/// Decides wait by wait whether spinning is worth it, from whether it was.
///
/// Being woken costs a process about as much as a fast server needs for its whole answer, so a few looks save the sleep.
/// With a slow server they are a waste, so after several failures in a row spinning is tried ever more rarely.
struct SpinBudget {
  /// Looks for each wait, about 5 µs in all.
  static let attempts = 30

  private static let patience: UInt32 = 8
  private static let rarest: UInt32 = 10

  private let isEnabled: Bool
  private var failures: UInt32 = 0
  private var skipped: UInt32 = 0

  init(_ spinning: Spinning) { isEnabled = spinning.isEnabled }

  /// Asked once before each wait.
  mutating func shouldSpin() -> Bool {
    guard isEnabled else { return false }
    if skipped == 0 { return true }
    skipped -= 1
    return false
  }

  /// Told once after each spin.
  mutating func record(success: Bool) {
    if success {
      failures = 0
    } else {
      failures += 1
      if failures >= Self.patience { skipped = 1 << min(failures - Self.patience, Self.rarest) }
    }
  }
}
