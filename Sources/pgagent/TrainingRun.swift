import GymwireIO
import PolicyGradients

/// A trainer at work in a directory: whatever ends it, what has been learned is on the disk afterwards.
final class TrainingRun {
  private let trainer: Trainer
  private let directory: RunDirectory
  private let schedule: EvaluationSchedule?
  private var progress: ProgressLine
  private let start = ContinuousClock.now
  /// The latest state that a run can go on from, until it has been written.
  private var unsaved: Checkpoint?
  private var lastSaved: ContinuousClock.Instant?

  init(_ trainer: Trainer, _ directory: RunDirectory, _ schedule: EvaluationSchedule?) {
    self.trainer = trainer
    self.directory = directory
    self.schedule = schedule
    progress = ProgressLine(
      epochs: trainer.configuration.epochs, epochsBefore: trainer.epoch, stepsBefore: trainer.environmentSteps)
  }

  /// Runs the epochs that are left, and returns the exit status.
  func finish() throws -> Int32 {
    if trainer.epoch == 0 {
      // One that is killed in its first epoch can be gone on with as well.
      unsaved = trainer.checkpoint()
      try saveCheckpoint()
    }
    let isComplete: Bool
    do {
      isComplete = try trainer.run(shouldStop: { Interruption.isRequested }, report: report)
    } catch {
      try save()
      StandardStreams.report("what was learned until now is in \(directory.policyPath)")
      guard Interruption.isRequested else { throw error }
      return Interruption.exitStatus
    }
    try save()
    if !isComplete {
      StandardStreams.report(
        "stopped by \(Interruption.signalName ?? "a signal") after \(trainer.environmentSteps.grouped) steps; "
          + "go on with --resume \(directory.path)")
    }
    StandardStreams.report("policy written to \(directory.policyPath)")
    if let best = schedule?.best {
      StandardStreams.report(
        "best policy, with a mean return of \(best.meanReturn.fixed(1)) after epoch \(best.epoch), "
          + "in \(directory.bestPolicyPath)")
    }
    return isComplete ? 0 : Interruption.exitStatus
  }

  private func report(_ metrics: EpochMetrics) throws {
    try directory.append(MetricsRow(metrics, seconds: start.duration(to: .now) / .seconds(1)))
    progress.show(epoch: metrics.epoch + 1, steps: metrics.environmentSteps, meanReturn: metrics.meanReturn)
    try schedule?.evaluate(trainer, into: directory)
    if metrics.isResumable { unsaved = trainer.checkpoint() }
    // How often it is written does not change the run, so a slow disk need not slow it down.
    if lastSaved.map({ $0.duration(to: .now) > .seconds(1) }) ?? true { try saveCheckpoint() }
  }

  private func save() throws {
    progress.finish()
    try saveCheckpoint()
    try directory.write(trainer.snapshot(), to: directory.policyPath)
  }

  private func saveCheckpoint() throws {
    guard let unsaved else { return }
    try directory.write(unsaved)
    self.unsaved = nil
    lastSaved = .now
  }
}
