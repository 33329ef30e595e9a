/// Where a run is in its curriculum.
public struct CurriculumState: Codable, Equatable, Sendable {
  /// The index of the lesson, from 0.
  public internal(set) var lesson = 0
  /// How many environment steps there have been in it.
  var steps = 0
  /// The last episodes that ended in it, oldest first.
  var episodes: [CurriculumEpisode] = []

  var isPlausible: Bool {
    PartState.countRange.contains(steps) && episodes.count <= LessonEnd.episodeCounts.upperBound
      && episodes.allSatisfy { $0.total.isFinite && PartState.countRange.contains($0.length) }
  }
}
