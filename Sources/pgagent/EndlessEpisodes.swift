import GymwireIO

/// Says once that the episodes of an evaluation do not end, which nothing else would show.
final class EndlessEpisodes {
  /// Steps that few environments need.
  private static let manySteps = 10_000
  private static let patience = Duration.seconds(5)

  private let remedy: String
  private let start = ContinuousClock.now
  private var hasSpoken = false

  /// Watches one evaluation; `remedy` says what a user can do.
  init(remedy: String) { self.remedy = remedy }

  /// Whether the program has been asked to stop; asked with the number of steps of the running episodes.
  func shouldStop(_ steps: Int) -> Bool {
    if steps >= Self.manySteps, steps % 1000 == 0, !hasSpoken, start.duration(to: .now) > Self.patience {
      hasSpoken = true
      StandardStreams.report(
        "an episode of the evaluation has had \(steps.grouped) steps and goes on; the policy may be stuck where the "
          + "environment has no time limit: \(remedy)")
    }
    return Interruption.isRequested
  }
}
