import Environments
import PolicyGradients

/// A learner that writes nothing down, so that what is fuzzed are its sessions.
final class Student: TrainedLearner {
  let trainer: SessionTrainer

  init(observationSpace: Space, actionSpace: Space, usesMasks: Bool) throws {
    trainer = try SessionTrainer(
      SettingValues(AlgorithmCatalog.standard), observationSpace: observationSpace, actionSpace: actionSpace,
      usesMasks: usesMasks)
  }

  func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> [(name: String, value: Double)]? {
    guard try trainer.end(session, on: observations, reward: reward, isTerminated: isTerminated) != nil else {
      return nil
    }
    return [("epoch", Double(trainer.epoch))]
  }

  func save() throws -> String { "nowhere" }
}
