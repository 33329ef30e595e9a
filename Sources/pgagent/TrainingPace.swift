/// How fast a run goes, from the times of its epochs.
///
/// A process that was stopped, or a machine that slept, makes one epoch last out of all proportion. Such an epoch counts
/// as long as those before it, so that what is said of the time left holds.
struct TrainingPace {
  private static let window = 32
  private var recent: [Double] = []
  private var next = 0
  private var last: ContinuousClock.Instant
  /// Seconds of work.
  private(set) var seconds = 0.0

  init(start: ContinuousClock.Instant = .now) { last = start }

  /// Notes the end of an epoch.
  mutating func note(_ now: ContinuousClock.Instant = .now) {
    var took = last.duration(to: now) / .seconds(1)
    last = now
    if !recent.isEmpty {
      let typical = recent.sorted()[recent.count / 2]
      if took > 10 * typical + 2 { took = typical }
    }
    seconds += took
    if recent.count < Self.window { recent.append(took) } else { recent[next] = took }
    next = (next + 1) % Self.window
  }

  /// Seconds that so many epochs will take, if they are like the last ones; nil before the first has ended.
  func secondsLeft(epochs: Int) -> Double? {
    recent.isEmpty ? nil : recent.reduce(0, +) / Double(recent.count) * Double(epochs)
  }
}
