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
