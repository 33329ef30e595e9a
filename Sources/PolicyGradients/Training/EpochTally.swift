/// What happened in an epoch, so far as it has come.
struct EpochTally: Codable {
  /// The episodes that ended.
  var episodes = EpisodeSummary()
  /// The sum of all rewards, also of episodes that go on.
  var rewardSum = 0.0
  /// How many episodes a reset cut before their end.
  var cutEpisodes = 0
  /// How often an environment process was started anew because it had failed.
  var restarts = 0
  /// How many environment steps have been made and answered.
  var steps = 0
  /// How many numbers of actions were clipped to the bounds of a Box.
  var clippedNumbers = 0
  /// How many numbers the actions had.
  var actionNumbers = 0

  /// Whether every count is one that sums cannot make overflow.
  var isPlausible: Bool {
    [cutEpisodes, restarts, steps, clippedNumbers, actionNumbers].allSatisfy(PartState.countRange.contains)
      && episodes.isPlausible && rewardSum.isFinite
  }

  var clipFraction: Double { actionNumbers > 0 ? Double(clippedNumbers) / Double(actionNumbers) : 0 }
}

/// The finished episodes of a stretch of time.
struct EpisodeSummary: Codable {
  private(set) var count = 0
  private(set) var minimum: Double?
  private(set) var maximum: Double?
  private var (sum, squares, steps) = (0.0, 0.0, 0)
  /// What the environment told of them.
  private(set) var info = InfoSums()

  mutating func add(return total: Double, length: Int, info: [String: Double] = [:]) {
    if !info.isEmpty { self.info.add(info) }
    count += 1
    sum += total
    squares += total * total
    steps += length
    minimum = min(minimum ?? total, total)
    maximum = max(maximum ?? total, total)
  }

  var isPlausible: Bool {
    [count, steps].allSatisfy(PartState.countRange.contains)
      && [sum, squares, minimum ?? 0, maximum ?? 0].allSatisfy(\.isFinite) && info.isPlausible
  }

  var mean: Double? { count > 0 ? sum / Double(count) : nil }
  var meanLength: Double? { count > 0 ? Double(steps) / Double(count) : nil }
  var deviation: Double? {
    mean.map { max(squares / Double(count) - $0 * $0, 0).squareRoot() }
  }
}
