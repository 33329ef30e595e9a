// A driver that never ends its sessions must not make a learner take memory without bound (protocol/SPEC.md 17.1, 17.15).
extension SessionTrainer {
  /// The numbers of observations, actions and masks that are kept in any case.
  private static let numbersKept = 1 << 24

  /// How many numbers the observation, the action and the mask of a step have.
  private var numbersPerStep: Int { task.observationWidth + task.actionWidth + task.maskWidth }

  /// How many sessions may be open at once: at least as many as protocol/SPEC.md 17.1 promises.
  public var mostSessions: Int { min(65_536, max(1024, Self.numbersKept / numbersPerStep)) }

  /// Whether the step of another action can be kept until an update uses it: four times what one waits for, or more.
  public var hasRoom: Bool { unusedSteps < max(4 * stepsForUpdate, Self.numbersKept / numbersPerStep) }

  /// Forgets the steps of an episode from which nothing will be learned, since every epoch is over.
  func forgetSteps(of episode: SessionEpisode) {
    unusedSteps -= episode.completeCount
    episode.removeComplete()
  }
}
