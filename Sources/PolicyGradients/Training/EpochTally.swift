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

  /// A tally of nothing.
  init() {}

  /// The counts that a worker has sent.
  init(_ numbers: [String: Double]) { add(numbers) }

  /// A count that a worker has sent; 0 where it is missing, or none that sums of many could not make overflow.
  static func count(_ number: Double?) -> Int {
    let count = Int(exactly: (number ?? 0).rounded()) ?? 0
    return (0...(1 << 40)).contains(count) ? count : 0
  }

  /// Whether every count is one that sums cannot make overflow.
  var isPlausible: Bool {
    [cutEpisodes, restarts, steps, clippedNumbers, actionNumbers].allSatisfy(PartState.countRange.contains)
      && episodes.isPlausible && rewardSum.isFinite
  }

  /// All counts by name, on their way from a worker.
  var numbers: [String: Double] {
    episodes.numbers.merging([
      "reward_sum": rewardSum, "cut_episodes": Double(cutEpisodes), "restarts": Double(restarts),
      "steps": Double(steps), "clipped_numbers": Double(clippedNumbers), "action_numbers": Double(actionNumbers),
    ]) { one, _ in one }
  }

  /// Adds the counts of another; what is missing is 0.
  mutating func add(_ numbers: [String: Double]) {
    func count(_ name: String) -> Int { Self.count(numbers[name]) }
    episodes.add(numbers)
    rewardSum += numbers["reward_sum"] ?? 0
    cutEpisodes += count("cut_episodes")
    restarts += count("restarts")
    steps += count("steps")
    clippedNumbers += count("clipped_numbers")
    actionNumbers += count("action_numbers")
  }

  var clipFraction: Double { actionNumbers > 0 ? Double(clippedNumbers) / Double(actionNumbers) : 0 }
}
