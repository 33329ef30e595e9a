/// How often what has been learned is saved: once a second, and less often where that takes a while.
///
/// All the savings of a run take a twentieth of its time at most, the first and the last one included. A run that is
/// shorter than twenty times these two saves only then.
struct SavingPace {
  private let start = ContinuousClock.now
  private var spent = Duration.zero
  private var last: (end: ContinuousClock.Instant, cost: Duration)?

  /// Whether it is time again, so that there is room for this saving and for the one at the end.
  var isDue: Bool {
    guard let last else { return true }
    let now = ContinuousClock.now
    return last.end.duration(to: now) > .seconds(1) && (spent + last.cost * 2) * 20 < start.duration(to: now)
  }

  /// Saves, and notes when and how long.
  mutating func measure(_ save: () throws -> Void) rethrows {
    let start = ContinuousClock.now
    try save()
    let end = ContinuousClock.now
    last = (end, start.duration(to: end))
    spent += start.duration(to: end)
  }
}
