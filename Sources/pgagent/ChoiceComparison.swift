import Environments
import GymwireIO
import PolicyGradients

/// Whether a policy does much better or worse where its actions are chosen the other way: greedy or sampled.
struct ChoiceComparison {
  /// The most episodes that are played the other way.
  static let mostEpisodes = 20
  /// Fewer episodes say nothing.
  private static let leastEpisodes = 5

  private let policy: any Policy
  private let environment: any VectorEnvironment
  private let seed: UInt64
  private let stepLimit: Int

  init(_ policy: any Policy, _ environment: any VectorEnvironment, seed: UInt64, stepLimit: Int) {
    (self.policy, self.environment, self.seed, self.stepLimit) = (policy, environment, seed, stepLimit)
  }

  /// Plays a fifth as many episodes the other way, and tells of them if they differ by more than chance allows.
  func report(beside evaluation: Evaluation, isSampled: Bool) throws {
    let episodes = min(evaluation.returns.count / 5, Self.mostEpisodes)
    guard episodes >= Self.leastEpisodes else { return }
    let other = try Evaluation.run(
      policy, in: environment, episodes: episodes, seed: seed, isDeterministic: isSampled, stepLimit: stepLimit,
      shouldStop: EndlessEpisodes(remedy: EvaluateCommand.remedy).shouldStop)
    guard other.returns.count >= Self.leastEpisodes, differ(evaluation, other) else { return }
    let (choice, remedy) = isSampled ? ("greedy", "without --sampled") : ("sampled", "with --sampled")
    StandardStreams.report(
      "\(choice) actions score \(other.meanReturn.fixed(2)) ± \(other.returnDeviation.fixed(2)) in "
        + "\(other.returns.count) episodes; \(remedy) all are played so")
  }

  /// Whether two means lie apart by three standard errors, and by a tenth of the larger one.
  private func differ(_ one: Evaluation, _ other: Evaluation) -> Bool {
    let distance = abs(one.meanReturn - other.meanReturn)
    let variance = [one, other].reduce(0) { $0 + $1.returnDeviation * $1.returnDeviation / Double($1.returns.count) }
    return distance > 3 * variance.squareRoot() && distance > 0.1 * max(abs(one.meanReturn), abs(other.meanReturn))
  }
}
