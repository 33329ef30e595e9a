/// How many updates old the policies were that have chosen what is learned from.
struct Staleness {
  /// The version that has chosen each stream's latest action.
  private var versions: [Int]
  private var (sum, steps) = (0, 0)

  init(streams: Int) { versions = Array(repeating: 0, count: streams) }

  /// Notes that some streams act by a version of the policy.
  mutating func noteChoice(_ streams: Range<Int>, version: Int) {
    for stream in streams { versions[stream] = version }
  }

  /// Notes that a stream's step has come when the policy had a version.
  mutating func noteStep(_ stream: Int, version: Int) { note(versions[stream], version: version) }

  /// Notes that a step which an earlier version has chosen has come when the policy had a version.
  mutating func note(_ earlier: Int, version: Int) {
    sum += version - earlier
    steps += 1
  }

  /// The mean over all steps since the last call; nil where there were none.
  mutating func take() -> Double? {
    defer { (sum, steps) = (0, 0) }
    return steps > 0 ? Double(sum) / Double(steps) : nil
  }
}
