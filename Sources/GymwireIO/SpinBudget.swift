/// Waits awake for a partner that answers soon, and gives it up for a while when it does not.
///
/// Falling asleep and being woken on another processor costs tens of microseconds, many times a fast server's whole
/// answer. So a wait begins with a few eager looks. Then it lets others run between looks, for the partner may be one of
/// those who want this processor: the scheduler moves one of the two away when another processor is free, and until it
/// does, a look between two yields costs little more than sleeping. Only after that does the reader go to sleep.
///
/// A partner that shares this processor cannot answer before it is let run, so then a wait begins with a yield. Two
/// processes that take turns this way pay for neither falling asleep nor being woken.
///
/// Waits that were in vain, or took long because somebody else was let run, make a debt that waits in time pay back.
/// When it is too large there is a rest without looking; so there is when the scheduler leaves the partner on this
/// processor, because the others are busy. Rests end at multiples of a power of two of the machine's one
/// clock, so that both sides of a pipe begin to look again at the same time: one alone gains little by it.
struct SpinBudget {
  /// Looks without letting others run; enough for an answer that is being computed elsewhere.
  private static let eagerLooks = 16
  /// A partner that shares the processor never answers during eager looks, so most waits for it do with one.
  private static let waitsUntilShared = 8
  private static let probeInterval = 32
  /// The first lets the partner answer; now and then the scheduler goes on with this process all the same.
  private static let yieldsOnOneProcessor = 2
  /// More than the scheduler needs to move one of two busy processes to a processor that is free.
  private static let greatestSharedWaits = 1 << 14

  /// Several times what sleeping costs, since a step of thousands of sub-environments takes that long, and both sides
  /// would sleep and be woken more than once in each.
  private static let patience: UInt64 = 250_000
  private static let debtOfWait = 16
  private static let greatestDebt = 64
  /// A second try has to prove itself sooner.
  private static let debtAfterRest = 32
  /// Rests are multiples of this, the first one of this and the last one of 32 times as many nanoseconds.
  private static let shortestRest: UInt64 = 1 << 26
  private static let longestRest: UInt64 = 1 << 31
  /// Waits ended by eager looks after which an earlier rest is forgotten.
  private static let proof = 4096

  /// Whether it will ever look.
  let isEnabled: Bool
  private let isPatient: Bool
  private let hasOneProcessor: Bool
  /// The most yields of a wait.
  private var greatestYields: Int { hasOneProcessor ? Self.yieldsOnOneProcessor : .max }

  private var isLooking: Bool
  private var debt = 0
  private var waitsInTime = 0
  private var rest = SpinBudget.shortestRest
  private var restEnd: UInt64 = 0
  /// Consecutive waits that ended at the first yield, as they do when the partner shares this processor.
  private var sharedWaits = 0

  init(_ spinning: Spinning, processors: Int = Processors.available) {
    hasOneProcessor = processors == 1
    switch spinning {
    case .automatic: (isEnabled, isPatient) = (true, false)
    case .always: (isEnabled, isPatient) = (true, true)
    case .never: (isEnabled, isPatient) = (false, false)
    }
    isLooking = isEnabled
  }

  /// Waits awake with `look`, which returns how many bytes it found; not positive when there was nothing to wait for.
  @inline(__always)
  mutating func wait(_ look: () -> Int) -> Int {
    guard isLooking || (isEnabled && hasRested()) else { return 0 }
    let isShared = hasOneProcessor || sharedWaits >= Self.waitsUntilShared
    if !isShared || !hasOneProcessor && sharedWaits % Self.probeInterval == 0 {
      for _ in 0..<Self.eagerLooks {
        let count = look()
        if count > 0 {
          sharedWaits = 0
          waitsInTime &+= 1
          if debt > 0 { debt -= 1 }
          return count
        }
      }
    }
    return waitLettingOthersRun(atOnce: isShared, look)
  }

  @inline(never)
  private mutating func waitLettingOthersRun(atOnce: Bool, _ look: () -> Int) -> Int {
    let start = Platform.nanoseconds()
    var rounds = 0
    if atOnce {
      Platform.letOthersRun()
      rounds = 1
    }
    while true {
      let count = look()
      let elapsed = Platform.nanoseconds() &- start
      if count > 0 || elapsed >= Self.patience || rounds >= greatestYields {
        note(rounds, isInTime: count > 0 && elapsed < Self.patience)
        return count
      }
      Platform.letOthersRun()
      rounds += 1
    }
  }

  /// Records a wait that yielded the processor `rounds` times.
  private mutating func note(_ rounds: Int, isInTime: Bool) {
    sharedWaits = rounds == 1 ? sharedWaits + 1 : 0
    if isInTime {
      if debt > 0 { debt -= 1 }
    } else {
      if waitsInTime > Self.proof { rest = Self.shortestRest }
      waitsInTime = 0
      debt += Self.debtOfWait
    }
    let isLeftTogether = sharedWaits > Self.greatestSharedWaits && !hasOneProcessor
    guard debt > Self.greatestDebt || isLeftTogether, !isPatient else { return }
    isLooking = false
    sharedWaits = 0
    restEnd = (Platform.nanoseconds() / rest + 1) * rest
    rest = min(rest * 2, Self.longestRest)
  }

  private mutating func hasRested() -> Bool {
    guard Platform.nanoseconds() >= restEnd else { return false }
    isLooking = true
    debt = Self.debtAfterRest
    return true
  }
}
