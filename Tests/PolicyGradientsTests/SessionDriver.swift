import Environments
import PolicyGradients

/// A program that owns the loop: it steps tasks of its own, and asks a ``SessionTrainer`` what to do in them.
final class SessionDriver<Task: Environment> {
  let trainer: SessionTrainer
  /// What the ends brought, in order; nil where one brought no update.
  private(set) var updates: [SessionUpdate?] = []
  /// The epochs that came to their end.
  var epochs: [EpochMetrics] { updates.compactMap { $0?.epoch } }
  /// The returns of the episodes, in the order of their ends.
  private(set) var returns: [Double] = []
  private var tasks: [Task]
  private var sessions: [Int?]
  private var totals: [Double]
  /// What was earned since the last act; nil before the first of an episode.
  private var rewards: [Double?]
  private let latest: [ValueBatch]
  private let observations: ValueBatch
  private let answers: ActionBatch

  init(_ trainer: SessionTrainer, _ tasks: [Task]) {
    (self.trainer, self.tasks) = (trainer, tasks)
    sessions = tasks.map { _ in nil }
    totals = tasks.map { _ in 0 }
    rewards = tasks.map { _ in nil }
    latest = tasks.map { ValueBatch($0.observationSpace, count: 1) }
    observations = ValueBatch(tasks[0].observationSpace, count: 1)
    answers = ActionBatch(tasks[0].actionSpace, count: 1, withEstimates: false)
  }

  /// Makes one step in each task, in turn, as often as `count` says.
  func step(_ count: Int) throws {
    for _ in 0..<count {
      for index in tasks.indices {
        if sessions[index] == nil {
          try tasks[index].reset(seed: nil, options: [:]).store(in: observations, row: 0)
          (sessions[index], totals[index]) = (trainer.begin(), 0)
        } else {
          observations.copyRow(0, of: latest[index], to: 0)
        }
        guard let session = sessions[index] else { continue }
        try trainer.act(in: session, on: observations, reward: rewards[index], into: answers)
        let transition = try tasks[index].step(Task.Action.load(from: answers.actions, row: 0))
        try transition.observation.store(in: latest[index], row: 0)
        rewards[index] = transition.reward
        totals[index] += transition.reward
        guard transition.isTerminated || transition.isTruncated else { continue }
        updates.append(
          try trainer.end(
            session, on: latest[index], reward: transition.reward, isTerminated: transition.isTerminated))
        returns.append(totals[index])
        (sessions[index], rewards[index]) = (nil, nil)
      }
    }
  }
}

/// An environment that goes on with its random numbers, whatever seed a reset brings.
struct Seedless<Task: Environment>: Environment {
  var task: Task
  var spec: EnvironmentSpec { task.spec }
  var observationSpace: Space { task.observationSpace }
  var actionSpace: Space { task.actionSpace }

  mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Task.Observation {
    try task.reset(seed: nil, options: options)
  }

  mutating func step(_ action: Task.Action) throws -> Transition<Task.Observation> { try task.step(action) }
}
