import Environments

/// Lessons that become harder, each with options for the resets of its episodes.
///
/// Each sub-environment draws from random numbers of its own, which begin with the seed of its first episode, so that
/// nothing depends on what the others do. The lesson changes between steps: episodes that have begun are finished as they
/// were, and count for the lesson that they began in.
public final class Curriculum: EpisodeOptions {
  /// The lessons, in order.
  public let lessons: [Lesson]
  /// Where the run is.
  public private(set) var state = CurriculumState()
  private var generators: [Int: PCG64] = [:]
  private var seed: UInt64?

  /// A curriculum of at least one lesson.
  public init(_ lessons: [Lesson]) {
    precondition(!lessons.isEmpty, "a curriculum needs a lesson")
    self.lessons = lessons
  }

  /// The lesson that every episode gets which begins now.
  public var lesson: Lesson { lessons[state.lesson] }

  /// Goes on from a state that was kept.
  ///
  /// - Throws: ``TrainingError/unusableFile(what:reason:)`` if no run with these lessons can have been there.
  public func restore(_ state: CurriculumState) throws(TrainingError) {
    guard lessons.indices.contains(state.lesson), state.isPlausible else {
      throw .unusableFile(
        what: "checkpoint",
        reason: "its place in the curriculum cannot be: lesson \(state.lesson) of \(lessons.count), counted from 0")
    }
    self.state = state
  }

  /// Every sub-environment begins anew.
  public func begin(seed: UInt64?) {
    guard let seed else { return }
    self.seed = seed
    generators.removeAll(keepingCapacity: true)
  }

  /// Draws the options of an episode.
  public func next(_ environment: Int) -> [String: PlainValue] {
    var generator =
      generators[environment]
      ?? PCG64(seed: (seed ?? 0) &+ UInt64(environment), stream: RandomStream.options.rawValue)
    defer { generators[environment] = generator }
    return lesson.options.draw(using: &generator)
  }

  /// Counts steps that all sub-environments together have made.
  func note(steps: Int) { state.steps += steps }

  /// Counts an episode that has ended.
  func note(_ episode: CurriculumEpisode, of lesson: Int) {
    guard lesson == state.lesson, let end = self.lesson.end else { return }
    state.episodes.append(episode)
    if state.episodes.count > end.episodes { state.episodes.removeFirst(state.episodes.count - end.episodes) }
  }

  /// Goes on to the next lesson if this one has been learned.
  func advance() {
    guard state.lesson + 1 < lessons.count, let end = lesson.end, end.isReached(state) else { return }
    state = CurriculumState(lesson: state.lesson + 1)
  }
}

/// What a curriculum keeps of an episode.
struct CurriculumEpisode: Codable, Equatable, Sendable {
  var total: Double
  var length: Int
  var info: [String: Double]
}

extension Curriculum {
  /// One lesson that never ends.
  public convenience init(always options: OptionTemplate) {
    self.init([Lesson(name: "", options: options, end: nil)])
  }
}
