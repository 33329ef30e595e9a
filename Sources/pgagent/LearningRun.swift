import Environments
import GymwireIO
import PolicyGradients

/// A learner at work in a directory: what it has learned is on the disk now and then, and whenever it is asked to save.
final class LearningRun: TrainedLearner {
  let trainer: SessionTrainer
  private let directory: RunDirectory
  private var progress: ProgressLine
  private let start = ContinuousClock.now
  private var pace = SavingPace()
  /// Whether the numbers ran away, so that the state before that is worth more than the one of now.
  private var hasDiverged = false

  init(_ trainer: SessionTrainer, _ directory: RunDirectory) {
    (self.trainer, self.directory) = (trainer, directory)
    progress = ProgressLine(
      epochs: trainer.settings.epochs, epochsBefore: trainer.epoch, stepsBefore: trainer.environmentSteps)
  }

  /// Begins a run, and writes its checkpoint: one that is killed before its first update goes on from there.
  static func begin(_ trainer: SessionTrainer, _ directory: RunDirectory) throws -> LearningRun {
    let run = LearningRun(trainer, directory)
    try run.pace.measure { try directory.write(trainer.checkpoint(), of: trainer.agent) }
    return run
  }

  func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> [(name: String, value: Double)]? {
    guard let update = try learn(session, observations, reward, isTerminated) else { return nil }
    if let metrics = update.epoch { try report(metrics) }
    if pace.isDue { _ = try save() }
    return update.statistics(trainer.settings.algorithm)
  }

  func save() throws -> String {
    try pace.measure {
      let checkpoint = Result {
        if !hasDiverged { try directory.write(trainer.checkpoint(), of: trainer.agent) }
      }
      // Where there is no room for a large checkpoint, there may be some for the policy.
      try directory.write(trainer.snapshot(), to: directory.policyPath)
      try checkpoint.get()
    }
    return directory.policyPath
  }

  private func learn(
    _ session: Int, _ observations: ValueBatch, _ reward: Double?, _ isTerminated: Bool
  ) throws -> SessionUpdate? {
    do {
      return try trainer.end(session, on: observations, reward: reward, isTerminated: isTerminated)
    } catch let error as TrainingError {
      if case .diverged = error { hasDiverged = true }
      throw error
    }
  }

  private func report(_ metrics: EpochMetrics) throws {
    try directory.append(
      MetricsRow(metrics, trainer.settings.algorithm, seconds: start.duration(to: .now) / .seconds(1)))
    progress.show(epoch: metrics.epoch + 1, steps: metrics.environmentSteps, meanReturn: metrics.meanReturn)
    if trainer.isOver { progress.finish() }
  }
}

extension SessionUpdate {
  /// The figures under the names that the metrics have in files; those that do not exist are left out.
  fileprivate func statistics(_ algorithm: Algorithm) -> [(name: String, value: Double)] {
    let figures: [(String, Double?)] = [
      ("steps", Double(steps)), ("episodes", Double(episodes)), ("mean_return", meanReturn),
    ]
    let further = algorithm.metrics.map { ($0, metrics[$0]) }
    return (figures + further).compactMap { name, value in value.map { (name, $0) } }
  }
}
