import Environments

/// Episodes that were recorded, on their way into what an agent remembers, or what is to be cloned.
///
/// Each sub-environment of a recorded conversation has an episode of its own, which is handed on when it has ended, or
/// when nothing more is known of it: then it counts as cut at its latest observation.
public final class RecordedExperience {
  /// How many steps have been handed on.
  public private(set) var steps = 0
  /// How many episodes.
  public private(set) var episodes = 0

  private let receive: (SessionEpisode) throws(TrainingError) -> Void
  private let shaping: RewardShaping?
  private let wrappers: Wrappers
  private let encoder: ObservationEncoder
  private let actionEncoder: ActionEncoder
  private let (width, maskWidth): (Int, Int)
  private let running: [SessionEpisode]
  private var isRunning: [Bool]

  /// Prepares for what was recorded of `count` sub-environments, all of which an agent recalls.
  convenience init(_ agent: any Agent, _ task: AgentTask, shaping: RewardShaping?, count: Int) throws(TrainingError) {
    try self.init(task, shaping: shaping, count: count, distributionWidth: agent.distributionWidth) {
      (episode) throws(TrainingError) in try agent.recall(episode)
    }
  }

  /// Prepares for what was recorded of `count` sub-environments; `receive` is given each episode.
  init(
    _ task: AgentTask, shaping: RewardShaping? = nil, count: Int, distributionWidth: Int = 0,
    receive: @escaping (SessionEpisode) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    (self.receive, self.shaping) = (receive, shaping)
    (width, maskWidth) = (task.observationWidth, task.maskWidth)
    encoder = try ObservationEncoder(task.observationSpace, wrappers: task.wrappers)
    actionEncoder = try ActionEncoder(task.actionSpace, wrappers: task.wrappers)
    wrappers = task.wrappers
    running = (0..<count).map { _ in
      SessionEpisode(
        observationWidth: task.observationWidth, actionWidth: task.actionWidth, maskWidth: task.maskWidth,
        distributionWidth: distributionWidth)
    }
    isRunning = Array(repeating: false, count: count)
  }

  /// Begins episodes: row i of `outcome` has the first observation of sub-environment `indices[i]`.
  public func begin(_ indices: [Int], _ outcome: StepBatch) throws(TrainingError) {
    try cut(indices)
    for (row, index) in indices.enumerated() { try observe(index, outcome, row) }
  }

  /// Takes in a step of every sub-environment.
  public func step(_ actions: ValueBatch, _ outcome: StepBatch) throws(TrainingError) {
    for index in running.indices where isRunning[index] {
      let episode = running[index]
      let hasEnded = outcome.hasEnded(index)
      actionEncoder.decode(actions, row: index, into: episode.nextAction)
      episode.beginStep(source: .other, ActionEstimate(logProbability: nil, value: nil), version: 0)
      try encode(hasEnded ? outcome.finalObservations : outcome.observations, index, index)
      episode.completeStep(
        reward: outcome.rewards[index],
        learnedReward: try learnedReward(index, outcome.rewards[index], isTerminated: outcome.isTerminated[index]))
      guard hasEnded else {
        keepMask(index, outcome, index)
        continue
      }
      episode.finish(outcome.isTerminated[index] ? .terminated : .truncated)
      try give(index)
      // With batch the next episode has begun within the step; without it a reset follows, which begins it again.
      try observe(index, outcome, index)
    }
  }

  /// Ends the episodes of some sub-environments where they are.
  public func cut(_ indices: [Int]) throws(TrainingError) {
    for index in indices where isRunning[index] { try give(index) }
  }

  /// Ends every episode where it is, since nothing more is known.
  public func finish() throws(TrainingError) { try cut(Array(running.indices)) }

  private func observe(_ index: Int, _ outcome: StepBatch, _ row: Int) throws(TrainingError) {
    try encode(outcome.observations, row, index)
    keepMask(index, outcome, row)
    isRunning[index] = true
  }

  private func encode(_ observations: ValueBatch, _ row: Int, _ index: Int) throws(TrainingError) {
    let target = running[index].nextObservation
    encoder.encode(observations, rows: row..<row + 1, into: target)
    if let reason = encoder.problem(in: target, rows: 1)?.reason {
      throw .unusableObservation(environment: index, reason: reason)
    }
  }

  private func keepMask(_ index: Int, _ outcome: StepBatch, _ row: Int) {
    guard maskWidth > 0 else { return }
    if let masks = outcome.masks.start {
      running[index].nextMask.update(from: masks + row * maskWidth, count: maskWidth)
    } else {
      running[index].nextMask.update(repeating: 1, count: maskWidth)
    }
  }

  private func learnedReward(_ index: Int, _ reward: Double, isTerminated: Bool) throws(TrainingError) -> Double {
    guard reward.isFinite else { throw .unusableReward(environment: index, value: reward) }
    let learned = wrappers.learned(reward)
    guard let shaping else { return learned }
    let shaped = shaping.shape(
      learned, from: running[index].incompleteObservation, to: running[index].nextObservation,
      isTerminated: isTerminated
    )
    guard shaped.isFinite else {
      throw .unusablePotential(reason: "it makes the reward of environment \(index) \(shaped)")
    }
    return shaped
  }

  private func give(_ index: Int) throws(TrainingError) {
    let episode = running[index]
    if episode.completeCount > 0 {
      try receive(episode)
      steps += episode.completeCount
      episodes += 1
    }
    episode.reset()
    isRunning[index] = false
  }
}
