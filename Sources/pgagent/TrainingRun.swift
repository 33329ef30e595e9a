import GymwireIO
import PolicyGradients

/// A trainer at work in a directory: whatever ends it, what has been learned is on the disk afterwards.
final class TrainingRun {
  private let trainer: Trainer
  private let environment: RunEnvironments
  private let directory: RunDirectory
  private let schedule: EvaluationSchedule?
  private let tensorBoard: TensorBoardLog?
  private let knobs: EpisodeKnobs
  private let furtherColumns: [String]
  private var untold: Set<String>
  private var progress: ProgressLine
  private let start = ContinuousClock.now
  private var pace = SavingPace()
  private var hasWarned = false
  private var hints = LearningHints()
  /// Whether this process has run it from its first epoch.
  private let isWhole: Bool

  init(
    _ trainer: Trainer, in environment: RunEnvironments, _ directory: RunDirectory, _ record: RunRecord,
    _ schedule: EvaluationSchedule?, _ knobs: EpisodeKnobs
  ) throws {
    self.knobs = knobs
    furtherColumns = record.furtherColumns
    untold = Set(knobs.metrics.map(\.text))
    (self.trainer, self.environment) = (trainer, environment)
    self.directory = directory
    self.schedule = schedule
    tensorBoard = record.tensorBoard == true ? try TensorBoardLog(in: directory.path, trainer, record) : nil
    isWhole = trainer.epoch == 0
    progress = ProgressLine(
      epochs: trainer.settings.epochs, epochsBefore: trainer.epoch, stepsBefore: trainer.environmentSteps)
  }

  /// Runs the epochs that are left, and returns the exit status.
  func finish() throws -> Int32 {
    if trainer.epoch == trainer.settings.epochs {
      StandardStreams.report("all \(trainer.epoch) epochs are done; --epochs sets a later end")
    }
    // So that a run that is killed in its first epoch can be resumed too; there is no policy to keep yet.
    if trainer.epoch == 0 { try pace.measure { try directory.write(trainer.checkpoint(), of: trainer.agent) } }
    let isComplete: Bool
    do {
      isComplete = try trainer.run(shouldStop: { Interruption.isRequested }, report: report)
    } catch {
      progress.finish()
      // Where the numbers ran away, the state before that is worth more than the one of now.
      if let error = error as? TrainingError, case .diverged = error {
        try directory.write(trainer.snapshot(), to: directory.policyPath)
      } else {
        try save()
      }
      reportRestarts()
      StandardStreams.report(
        trainer.environmentSteps > 0
          ? "what was learned until now is in \(directory.policyPath)" : "nothing was learned before that")
      guard Interruption.isRequested else { throw error }
      return Interruption.exitStatus
    }
    progress.finish()
    try save()
    reportRestarts()
    if isComplete {
      try tensorBoard?.end()
      // A run that goes on may have been at its best when it began.
      if isWhole { for sentence in hints.sentences(trainer.settings) { StandardStreams.report(sentence) } }
    } else {
      StandardStreams.report(
        "stopped by \(Interruption.signalName ?? "a signal") after \(trainer.environmentSteps.grouped) steps; "
          + "go on with --resume \(directory.path)")
    }
    StandardStreams.report("policy written to \(directory.policyPath)")
    if let best = schedule?.best {
      StandardStreams.report(
        "best policy, with a \(schedule?.criterionText(best) ?? "") after epoch \(best.epoch), "
          + "in \(directory.bestPolicyPath)")
    }
    return isComplete ? 0 : Interruption.exitStatus
  }

  private func report(_ metrics: EpochMetrics) throws {
    let row = MetricsRow(
      metrics, trainer.settings.algorithm, further: furtherColumns, seconds: start.duration(to: .now) / .seconds(1))
    try directory.append(row)
    try tensorBoard?.append(metrics, row)
    hints.note(metrics)
    progress.show(
      epoch: metrics.epoch + 1, steps: metrics.environmentSteps, meanReturn: metrics.meanReturn,
      further: further(metrics))
    if metrics.episodes > 0 { warnOfUntoldInfo(metrics) }
    if let concern = trainer.agent.concern, !hasWarned {
      progress.finish()
      StandardStreams.report("warning: after epoch \(trainer.epoch) \(concern)")
      hasWarned = true
    }
    if let evaluation = try schedule?.evaluate(trainer, into: directory) { try tensorBoard?.append(evaluation) }
    // When it is written does not change the run, so a slow disk need not slow it down.
    if pace.isDue { try save() }
  }

  /// Adds an episode of what was learned to the event file, if there is one.
  func film(_ options: EnvironmentOptions) throws {
    guard let tensorBoard else { return }
    do {
      let rehearsal = try Rehearsal(RecordedRun(directory.path), options, group: 0, episodes: 1)
      if let episode = rehearsal.films.first { try tensorBoard.append(episode, step: trainer.environmentSteps) }
    } catch let error as ConnectionError {
      StandardStreams.report("warning: the event file has no film of an episode: \(error)")
    }
  }

  /// What the progress line tells besides.
  private func further(_ metrics: EpochMetrics) -> [String] {
    let lesson = furtherColumns.contains("lesson") ? metrics.lesson.map { ["lesson \($0)"] } ?? [] : []
    return lesson + knobs.metrics.map { "\($0.text) \(metrics.info[$0.text].map { $0.fixed(2) } ?? "-")" }
  }

  /// Says once of each number that is to be followed that no episode has told it.
  private func warnOfUntoldInfo(_ metrics: EpochMetrics) {
    for name in untold.sorted() where metrics.info[name] == nil {
      progress.finish()
      StandardStreams.report(
        "warning: no episode of epoch \(metrics.epoch + 1) has told a number \(name) in its info (--log-info)")
    }
    untold = []
  }

  private func reportRestarts() {
    let restarts = environment.restartCount
    guard restarts > 0 else { return }
    StandardStreams.report(
      "\(restarts) restart\(restarts == 1 ? "" : "s") of environment processes, which lost "
        + "\(environment.lostSteps.grouped) step\(environment.lostSteps == 1 ? "" : "s") and cut their episodes")
  }

  private func save() throws {
    try pace.measure {
      let checkpoint = Result { try directory.write(trainer.checkpoint(), of: trainer.agent) }
      // Where there is no room for a large checkpoint, there may be some for the policy.
      try directory.write(trainer.snapshot(), to: directory.policyPath)
      try checkpoint.get()
    }
  }
}
