import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients

/// Evaluations during training, which keep the best policy: a policy gradient does not improve at every step.
///
/// They play in processes of their own, so that training is the same with and without them.
final class EvaluationSchedule {
  static let intervals = 0...1_000_000_000
  static let episodeCounts = 1...1_000_000
  static let interval = Option(
    "eval-interval", .integer("E", in: intervals), default: 0,
    help: "Evaluate after every E epochs and keep the best policy in best-policy.json; 0 for never.")
  static let episodes = Option(
    "eval-episodes", .integer(in: episodeCounts), default: 20, help: "Episodes of each of those evaluations.")

  static let criterion = Option(
    "best-by", .text("NAME"), defaultText: "the mean return",
    help: "Which number of --log-info decides which policy was best in the evaluations: the one with the largest.")

  private let environment: RemoteVectorEnvironment
  private let wrapped: any VectorEnvironment
  private let metrics: [InfoMetric]
  private let criterion: String?
  private let interval: Int
  private let episodes: Int
  private(set) var best: EvaluationRow?

  /// Starts the processes to play in; `best` is the best evaluation of a run that is resumed.
  init(
    _ environment: RemoteVectorEnvironment, _ wrappers: Wrappers, interval: Int, episodes: Int, _ metrics: [InfoMetric],
    criterion: String?,
    best: EvaluationRow?
  ) throws {
    wrapped = try wrappers.wrap(environment)
    (self.environment, self.interval, self.episodes) = (environment, interval, episodes)
    (self.metrics, self.criterion, self.best) = (metrics, criterion, best)
  }

  /// What the best policy is chosen by, and how much that was.
  func criterionText(_ row: EvaluationRow) -> String {
    guard let criterion else { return "mean return of \(row.meanReturn.fixed(1))" }
    return "\(criterion) of \((row.info?[criterion] ?? .nan).fixed(2))"
  }

  /// Evaluates where an evaluation is due, and keeps the policy if it is the best so far.
  ///
  /// - Returns: the evaluation; nil if none was due, or if the program was asked to stop meanwhile.
  func evaluate(_ trainer: Trainer, into directory: RunDirectory) throws -> EvaluationRow? {
    guard trainer.epoch % interval == 0 || trainer.epoch == trainer.settings.epochs else { return nil }
    let snapshot = trainer.snapshot()
    let evaluation = try Evaluation.run(
      snapshot.makePolicy(), in: wrapped, episodes: episodes, seed: trainer.settings.seed,
      info: metrics, shouldStop: EndlessEpisodes(remedy: "give pgagent train a --time-limit").shouldStop)
    guard evaluation.returns.count == episodes else { return nil }
    let row = EvaluationRow(epoch: trainer.epoch, steps: trainer.environmentSteps, evaluation)
    if row.isBetter(than: best, by: criterion) {
      try directory.write(snapshot, to: directory.bestPolicyPath)
      best = row
    }
    try directory.append(row)
    return row
  }

  func close() { environment.close() }
}
