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
  fileprivate static func count(_ number: Double?) -> Int {
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

  /// All counts by name.
  var numbers: [String: Double] {
    var numbers = [
      "episodes": Double(count), "return_sum": sum, "return_squares": squares, "episode_steps": Double(steps),
    ]
    numbers["min_return"] = minimum
    numbers["max_return"] = maximum
    return numbers
  }

  /// Adds the counts of another.
  mutating func add(_ numbers: [String: Double]) {
    func count(_ name: String) -> Int { EpochTally.count(numbers[name]) }
    guard count("episodes") > 0 else { return }
    self.count += count("episodes")
    sum += numbers["return_sum"] ?? 0
    squares += numbers["return_squares"] ?? 0
    steps += count("episode_steps")
    if let least = numbers["min_return"] { minimum = min(minimum ?? least, least) }
    if let greatest = numbers["max_return"] { maximum = max(maximum ?? greatest, greatest) }
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
