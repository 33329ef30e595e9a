/// Whether a reader may look several times for its next bytes before it goes to sleep for them.
public enum Spinning: Sendable {
  /// Where two or more processors are available to this process, as long as it proves to be faster.
  case automatic
  /// Before every wait, even on one processor.
  case always
  /// Not at all.
  case never
}

/// Decides wait by wait whether to spin, by trying both and measuring.
///
/// Being woken costs a process about as much as a fast server needs for its whole answer, so a few looks save the sleep.
/// With a slow server, or where other programs need the processors, they only burn time. Nobody can tell beforehand,
/// so some waits with and some without are timed now and then, and the faster way serves for the next thousands.
struct SpinBudget {
  /// Looks for each wait, about 5 µs in all.
  static let attempts = 30

  /// Waits in a trial of either way, of which the first few only settle the scheduler.
  private static let trial = 80
  private static let settling = 16
  /// Longer waits are not told apart: no spinning helps with them, and a pause to learn must not decide a trial.
  private static let longest: UInt64 = 50_000
  private static let shortestRest = 1 << 10
  private static let longestRest = 1 << 18
  /// Spinning must gain at least a twentieth to be worth a processor.
  private static let worthwhile = 0.95

  private enum Stage { case fixed, spinning, sleeping, decided }

  private var stage: Stage
  private var spins: Bool
  private var remaining = SpinBudget.trial
  private var rest = SpinBudget.shortestRest
  private var start: UInt64 = 0
  private var total: UInt64 = 0
  private var totalSpinning: UInt64 = 0

  init(_ spinning: Spinning) {
    switch spinning {
    case .automatic where Processors.available > 1: (stage, spins) = (.spinning, true)
    case .always: (stage, spins) = (.fixed, true)
    case .automatic, .never: (stage, spins) = (.fixed, false)
    }
  }

  /// Whether it will ever spin.
  var isEnabled: Bool { stage != .fixed || spins }

  /// Asked at the beginning of each wait.
  @inline(__always)
  mutating func begin() -> Bool {
    if stage != .fixed { count() }
    return spins
  }

  /// Told at the end of each wait.
  @inline(__always)
  mutating func end() {
    if start != 0 { measure() }
  }

  private mutating func count() {
    remaining -= 1
    if remaining < 0 { advance() }
    if stage != .decided, remaining < Self.trial - Self.settling { start = Platform.nanoseconds() }
  }

  private mutating func measure() {
    total += min(Platform.nanoseconds() &- start, Self.longest)
    start = 0
  }

  private mutating func advance() {
    switch stage {
    case .fixed: break
    case .spinning:
      totalSpinning = total
      (stage, spins, remaining) = (.sleeping, false, Self.trial - 1)
    case .sleeping:
      spins = Double(totalSpinning) < Double(total) * Self.worthwhile
      rest = spins ? Self.longestRest >> 4 : min(rest * 2, Self.longestRest)
      (stage, remaining) = (.decided, rest)
    case .decided: (stage, spins, remaining) = (.spinning, true, Self.trial - 1)
    }
    total = 0
  }
}
