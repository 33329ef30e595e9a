import Environments

/// The episode of one session: its totals, and its steps that no update has used yet.
///
/// A step begins with an action and is complete with its reward, so that at most the last one is incomplete.
public final class SessionEpisode {
  /// How many steps have begun that no update has used.
  private(set) var count = 0
  /// How many of them have their reward.
  public private(set) var completeCount = 0
  /// How many steps updates have used.
  private(set) var usedCount = 0
  /// The sum of all rewards of the episode.
  private(set) var totalReward = 0.0
  /// The running return of the reward scaler.
  var discountedReturn = 0.0
  /// Whether it began while an update that wants whole episodes was waiting for others to end.
  var isLate = false
  /// What it has seen last, where stacks are made of that.
  let frames = FrameEpisode()
  /// How it ended.
  private(set) var end = EpisodeEnd.none

  /// The encoded observations, not normalised.
  let observations = Memory<Float>(filledWith: 0)
  let actions = Memory<Float>(filledWith: 0)
  let masks = Memory<UInt8>(filledWith: 1)
  let sources = Memory<ActionSource>(filledWith: .policy)
  /// ln π of each action under the version of the policy that drew it.
  let logProbabilities = Memory<Float>(filledWith: 0)
  /// What each action was drawn from, where the agent wants it kept; otherwise nothing.
  let distributions = Memory<Float>(filledWith: 0)
  /// The number of updates that the policy had seen which acted.
  let versions = Memory<Int>(filledWith: 0)
  let rewards = Memory<Float>(filledWith: 0)
  private let widths: (observation: Int, action: Int, mask: Int, distribution: Int)

  init(observationWidth: Int, actionWidth: Int, maskWidth: Int, distributionWidth: Int) {
    widths = (observationWidth, actionWidth, maskWidth, distributionWidth)
    reserve(2)
  }

  /// How many steps the episode has had, those with a reward.
  var length: Int { usedCount + completeCount }

  /// Whether a step has begun.
  var hasActed: Bool { usedCount + count > 0 }

  /// Where to write the encoded observation that comes next, be it one to act on or the last.
  var nextObservation: UnsafeMutablePointer<Float> { observations.pointer + count * widths.observation }
  /// The encoded observation of the step that has no reward yet.
  var incompleteObservation: UnsafePointer<Float> {
    UnsafePointer(observations.pointer + completeCount * widths.observation)
  }
  /// Where to write the action that comes next.
  var nextAction: UnsafeMutablePointer<Float> { actions.pointer + count * widths.action }
  /// Where to write the mask that comes next.
  var nextMask: UnsafeMutablePointer<UInt8> { masks.pointer + count * widths.mask }

  /// Begins the step whose observation, action and mask have been written.
  func beginStep(source: ActionSource, _ estimate: ActionEstimate, version: Int) {
    (sources[count], logProbabilities[count], versions[count]) = (source, estimate.logProbability ?? 0, version)
    if let distribution = estimate.distribution {
      (distributions.pointer + count * widths.distribution).update(from: distribution, count: widths.distribution)
    }
    count += 1
    // One observation more than steps: the last of the episode has no action.
    if count + 1 > rewards.count { reserve(2 * (count + 1)) }
  }

  /// Completes the last step; what is learned from may be another reward than was earned.
  func completeStep(reward: Double, learnedReward: Double) {
    rewards[completeCount] = Float(learnedReward)
    completeCount += 1
    totalReward += reward
  }

  /// Ends the episode at the observation that has been written.
  func finish(_ end: EpisodeEnd) {
    self.end = end
  }

  /// Forgets the complete steps, because an update has used them or never will.
  func removeComplete() {
    let (used, rest) = (completeCount, count - completeCount)
    observations.moveToFront(from: used * widths.observation, count: rest * widths.observation)
    actions.moveToFront(from: used * widths.action, count: rest * widths.action)
    masks.moveToFront(from: used * widths.mask, count: rest * widths.mask)
    sources.moveToFront(from: used, count: rest)
    logProbabilities.moveToFront(from: used, count: rest)
    distributions.moveToFront(from: used * widths.distribution, count: rest * widths.distribution)
    versions.moveToFront(from: used, count: rest)
    (count, completeCount, usedCount) = (rest, 0, usedCount + used)
  }

  /// Makes it an episode that has not begun, and keeps the memory.
  func reset() {
    (count, completeCount, usedCount, totalReward, discountedReturn) = (0, 0, 0, 0, 0)
    (isLate, end) = (false, .none)
    frames.reset()
  }

  private func reserve(_ steps: Int) {
    observations.reserve(steps * widths.observation)
    actions.reserve(steps * widths.action)
    masks.reserve(steps * widths.mask)
    sources.reserve(steps)
    logProbabilities.reserve(steps)
    distributions.reserve(steps * widths.distribution)
    versions.reserve(steps)
    rewards.reserve(steps)
  }
}

extension Memory {
  fileprivate func moveToFront(from start: Int, count: Int) {
    // The memory overlaps where more stays than goes, which `update(from:)` allows.
    pointer.update(from: pointer + start, count: count)
  }
}
