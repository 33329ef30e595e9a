/// When a lesson is learned: once all that is given holds.
public struct LessonEnd: Equatable, Sendable {
  /// After so many environment steps.
  public var steps: Int?
  /// When the mean return of the last ``episodes`` episodes is at least this.
  public var meanReturn: Double?
  /// When their mean length is at least this.
  public var meanLength: Double?
  /// When the means of numbers of their info are at least these.
  public var info: [String: Double] = [:]
  /// How many episodes means are over; there have to be so many in the lesson.
  public var episodes = 100

  func isReached(_ state: CurriculumState) -> Bool {
    if let steps, state.steps < steps { return false }
    let thresholds: [(Double, (CurriculumEpisode) -> Double?)] =
      (meanReturn.map { [($0, { $0.total })] } ?? []) + (meanLength.map { [($0, { Double($0.length) })] } ?? [])
      + info.map { name, threshold in (threshold, { $0.info[name] }) }
    guard !thresholds.isEmpty else { return true }
    guard state.episodes.count >= episodes else { return false }
    return thresholds.allSatisfy { threshold, value in
      let values = state.episodes.compactMap(value)
      return !values.isEmpty && values.reduce(0, +) / Double(values.count) >= threshold
    }
  }
}

extension LessonEnd {
  /// How many episodes means may be over.
  public static let episodeCounts = 1...100_000
}
