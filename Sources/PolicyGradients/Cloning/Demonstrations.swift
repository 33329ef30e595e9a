import Environments

/// What somebody did in episodes that were recorded: what they saw, what they chose, and what it came to.
public final class Demonstrations {
  /// How many steps there are.
  public private(set) var steps = 0
  /// The steps of each episode, in the order of their ends.
  public private(set) var episodes: [Range<Int>] = []
  /// What they are demonstrations of.
  public let task: AgentTask

  /// The encoded observations, not normalised.
  let observations = Memory<Float>(filledWith: 0)
  let actions = Memory<Float>(filledWith: 0)
  let masks = Memory<UInt8>(filledWith: 1)
  /// The discounted sum of the rewards from each step to the end of its episode.
  let returns = Memory<Float>(filledWith: 0)
  private let discount: Double

  /// None yet, of a task with these spaces.
  public init(
    observationSpace: Space, actionSpace: Space, discount: Double,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) {
    task = try AgentTask(
      observationSpace: observationSpace, actionSpace: actionSpace, usesMasks: true, isInterrupted: isInterrupted)
    self.discount = discount
  }

  /// What adds the episodes that were recorded of `count` sub-environments with these spaces.
  ///
  /// - Throws: ``TrainingError/unusableFile(what:reason:)`` where the spaces are others.
  public func receiver(
    of observationSpace: Space, _ actionSpace: Space, count: Int
  ) throws(TrainingError) -> RecordedExperience {
    try task.requireSpaces(observationSpace, actionSpace)
    return try RecordedExperience(task, count: count) { [self] episode in add(episode) }
  }

  private func add(_ episode: SessionEpisode) {
    let (first, added) = (steps, episode.completeCount)
    reserve(first + added)
    (observations.pointer + first * task.observationWidth).update(
      from: episode.observations.pointer, count: added * task.observationWidth)
    (actions.pointer + first * task.actionWidth).update(
      from: episode.actions.pointer, count: added * task.actionWidth)
    (masks.pointer + first * task.maskWidth).update(from: episode.masks.pointer, count: added * task.maskWidth)
    var sum = 0.0
    for step in (0..<added).reversed() {
      sum = Double(episode.rewards[step]) + discount * sum
      returns[first + step] = Float(sum)
    }
    steps += added
    episodes.append(first..<steps)
  }

  private func reserve(_ wanted: Int) {
    guard wanted > returns.count else { return }
    let room = max(wanted, 2 * returns.count)
    observations.reserve(room * task.observationWidth)
    actions.reserve(room * task.actionWidth)
    masks.reserve(room * task.maskWidth)
    returns.reserve(room)
  }
}
