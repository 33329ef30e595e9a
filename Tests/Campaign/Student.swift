import Environments
import PolicyGradients

/// A learner that writes nothing down, so that what is fuzzed are its sessions.
final class Student: SessionLearner {
  private let trainer: SessionTrainer

  init(observationSpace: Space, actionSpace: Space, usesMasks: Bool) throws {
    trainer = try SessionTrainer(
      SettingValues(AlgorithmCatalog.standard), observationSpace: observationSpace, actionSpace: actionSpace,
      usesMasks: usesMasks)
  }

  var observationSpace: Space { trainer.policy.observationSpace }
  var actionSpace: Space { trainer.policy.actionSpace }
  var policyVersion: Int { trainer.policyVersion }
  var mostSessions: Int { trainer.mostSessions }
  var hasRoom: Bool { trainer.hasRoom }

  func act(
    on observations: ValueBatch, count: Int, masks: MaskBatch?, choice: ActionChoice, into answers: ActionBatch
  ) throws {
    try trainer.policy.act(on: observations, count: count, masks: masks, choice: choice, into: answers)
  }

  func begin() -> Int { trainer.begin() }

  func act(
    in session: Int, on observations: ValueBatch, mask: MaskBatch?, reward: Double?, choice: ActionChoice,
    into answers: ActionBatch
  ) throws {
    try trainer.act(in: session, on: observations, mask: mask, reward: reward, choice: choice, into: answers)
  }

  func log(in session: Int, on observations: ValueBatch, reward: Double?, answers: ActionBatch) throws {
    try trainer.log(in: session, on: observations, reward: reward, answers: answers)
  }

  func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> [(name: String, value: Double)]? {
    guard try trainer.end(session, on: observations, reward: reward, isTerminated: isTerminated) != nil else {
      return nil
    }
    return [("epoch", Double(trainer.epoch))]
  }

  func abandon(_ session: Int) { trainer.abandon(session) }

  func save() throws -> String { "nowhere" }
}
