import Environments

/// A learner whose sessions are those of a ``SessionTrainer``, and which decides for itself what the end of one brings and
/// what saving means.
public protocol TrainedLearner: SessionLearner {
  /// What learns.
  var trainer: SessionTrainer { get }
}

extension TrainedLearner {
  /// The trainer's.
  public var observationSpace: Space { trainer.observationSpace }
  /// The trainer's.
  public var actionSpace: Space { trainer.policy.actionSpace }
  /// The trainer's.
  public var policyVersion: Int { trainer.policyVersion }
  /// The trainer's.
  public var mostSessions: Int { trainer.mostSessions }
  /// The trainer's.
  public var hasRoom: Bool { trainer.hasRoom }

  /// Asks the policy, outside of every session.
  public func act(
    on observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    try trainer.policy.act(on: observations, count: count, masks: masks, choice: choice, into: answers)
  }

  /// Begins a session of the trainer.
  public func begin() -> Int { trainer.begin() }

  /// Acts in a session of the trainer.
  public func act(
    in session: Int, on observations: ValueBatch, mask: MaskBatch?, reward: Double?, choice: ActionChoice,
    into answers: ActionBatch
  ) throws {
    try trainer.act(in: session, on: observations, mask: mask, reward: reward, choice: choice, into: answers)
  }

  /// Logs an action in a session of the trainer.
  public func log(in session: Int, on observations: ValueBatch, reward: Double?, answers: ActionBatch) throws {
    try trainer.log(in: session, on: observations, reward: reward, answers: answers)
  }

  /// Abandons a session of the trainer.
  public func abandon(_ session: Int) { trainer.abandon(session) }
}
