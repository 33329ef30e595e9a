import Environments

/// Lets the policy act in every sub-environment, and records what happens.
///
/// The groups of sub-environments are stepped in turn: while one computes, the policy acts for the next. Each
/// sub-environment has its own stream of random numbers, so that what is recorded depends neither on the number of groups
/// nor on their timing.
final class Collector {
  let environments: Int
  // One thread collects, so the fields need no checks for overlapping accesses.
  /// What has happened since the last ``beginEpoch()``.
  @exclusivity(unchecked) private(set) var tally = EpochTally()
  @exclusivity(unchecked) var generators: [PCG64]
  @exclusivity(unchecked) var normalizer: ObservationNormalizer?

  private let groups: [EnvironmentGroup]
  private let workspace = PolicyWorkspace()
  private let returns: Memory<Double>
  private let lengths: Memory<Int>

  init(_ groups: [EnvironmentGroup], generators: [PCG64], normalizer: ObservationNormalizer?) {
    self.groups = groups
    self.generators = generators
    self.normalizer = normalizer
    environments = groups.reduce(0) { $0 + $1.count }
    returns = Memory(count: environments, filledWith: 0)
    lengths = Memory(count: environments, filledWith: 0)
  }

  /// Starts the counts of an epoch.
  func beginEpoch() {
    tally = EpochTally()
  }

  /// Begins an episode everywhere; sub-environment i of all gets the seed `seed + i`.
  func reset(seed: UInt64) throws {
    for group in groups { try group.environment.reset(seed: seed + UInt64(group.first), options: [:]) }
    for index in 0..<environments { (returns[index], lengths[index]) = (0, 0) }
  }

  /// Records `horizon` steps of every sub-environment.
  ///
  /// While one group computes its step, the policy acts for the next. Returns false, with every group at rest, as soon as
  /// `shouldStop` says so, which is asked before each step.
  func collect(
    _ horizon: Int,
    into batch: RolloutBuffer,
    policy: PolicyNetwork,
    shouldStop: () -> Bool
  ) throws -> Bool {
    policy.freeze()
    defer { policy.thaw() }
    batch.removeAll()
    batch.reserve(steps: horizon)
    var isStopped = false
    for step in 0..<horizon {
      isStopped = shouldStop()
      for group in groups {
        if step > 0 { try finish(group, step - 1, batch) }
        if !isStopped { try act(group, step, policy, batch) }
      }
      batch.steps = step
      if isStopped { return false }
    }
    for group in groups { try finish(group, horizon - 1, batch) }
    batch.steps = horizon
    try observeLast(batch)
    return true
  }

  /// Records further steps until the episode that ran at the end of `batch` has ended in every sub-environment.
  ///
  /// - Parameters:
  ///   - limit: the most steps that are added; what still runs then is cut.
  ///   - usedSteps: receives how many steps of each sub-environment belong to episodes that began before.
  func finishEpisodes(
    into batch: RolloutBuffer,
    policy: PolicyNetwork,
    limit: Int,
    usedSteps: inout [Int],
    shouldStop: () -> Bool
  ) throws -> Bool {
    policy.freeze()
    defer { policy.thaw() }
    let horizon = batch.steps
    for environment in 0..<environments {
      let hasEnded = batch.ends[(horizon - 1) * environments + environment] != .none
      usedSteps[environment] = hasEnded ? horizon : 0
    }
    while batch.steps < horizon + limit, usedSteps.contains(0) {
      if shouldStop() { return false }
      let step = batch.steps
      if step * environments >= batch.rewardMemory.count { batch.reserve(steps: 2 * step) }
      for group in groups { try act(group, step, policy, batch) }
      for group in groups { try finish(group, step, batch) }
      batch.steps += 1
      for environment in 0..<environments where usedSteps[environment] == 0 {
        if batch.ends[step * environments + environment] != .none { usedSteps[environment] = batch.steps }
      }
    }
    for environment in 0..<environments where usedSteps[environment] == 0 { usedSteps[environment] = batch.steps }
    try observeLast(batch)
    return true
  }

  /// Encodes what `group` sees now, acts on it, and begins the step.
  private func act(_ group: EnvironmentGroup, _ step: Int, _ policy: PolicyNetwork, _ batch: RolloutBuffer) throws {
    let first = step * environments + group.first
    let observations = batch.observations + first * batch.observationWidth
    try encode(group, group.environment.outcome.observations, 0..<group.count, group.observationEncoder, observations)
    normalizer?.observe(observations, rows: group.count)
    normalizer?.apply(observations, rows: group.count)
    let parameters = policy.forward(observations, rows: group.count, workspace)
    if batch.maskWidth > 0 { try mask(group, parameters, policy.distribution, batch.masks + first * batch.maskWidth) }
    let actions = batch.actions + first * batch.actionWidth
    let distributions = batch.distributions + first * batch.distributionWidth
    distributions.update(from: parameters, count: group.count * batch.distributionWidth)
    policy.distribution.sample(
      consuming: parameters, rows: group.count, using: &generators[group.first], into: actions)
    tally.clippedNumbers += group.actionEncoder.encode(actions, rows: group.count, into: group.actions)
    tally.actionNumbers += group.count * batch.actionWidth
    try group.environment.beginStep(group.actions)
    // Learning needs them, and here the time is free that the environment takes.
    policy.distribution.normalize(distributions, rows: group.count)
  }

  /// Records which actions of `group` are legal now, and takes the others out of the distributions.
  private func mask(
    _ group: EnvironmentGroup,
    _ parameters: UnsafeMutablePointer<Float>,
    _ distribution: ProductDistribution,
    _ target: UnsafeMutablePointer<UInt8>
  ) throws(TrainingError) {
    let width = distribution.maskCount
    if let masks = group.environment.outcome.masks.start {
      target.update(from: masks, count: group.count * width)
    } else {
      target.update(repeating: 1, count: group.count * width)
    }
    for row in 0..<group.count {
      guard distribution.apply(mask: target + row * width, to: parameters + row * distribution.parameterCount) else {
        throw .unusableMask(
          environment: group.first + row, reason: "of some part of the action it forbids every choice")
      }
    }
  }

  /// Waits for the step, and records what came of it.
  private func finish(_ group: EnvironmentGroup, _ step: Int, _ batch: RolloutBuffer) throws {
    try group.environment.finishStep()
    let outcome = group.environment.outcome
    let first = step * environments + group.first
    let (rewards, times, ends) = (batch.rewards + first, batch.times + first, batch.ends + first)
    let (returns, lengths) = (returns.pointer + group.first, lengths.pointer + group.first)
    var sum = tally.rewardSum
    for row in 0..<group.count {
      let reward = outcome.rewards[row]
      guard reward.isFinite else {
        throw TrainingError.unusableReward(environment: group.first + row, value: reward)
      }
      rewards[row] = Float(reward)
      times[row] = Int32(truncatingIfNeeded: lengths[row])
      ends[row] = .none
      sum += reward
      returns[row] += reward
      lengths[row] += 1
      if outcome.hasEnded(row) { try finishEpisode(group, row, batch, first + row) }
    }
    tally.rewardSum = sum
    tally.steps += group.count
  }

  /// Records that the episode of row `row` of `group` has ended with the step in row `index` of `batch`.
  private func finishEpisode(
    _ group: EnvironmentGroup, _ row: Int, _ batch: RolloutBuffer, _ index: Int
  ) throws(TrainingError) {
    let isTerminated = group.environment.outcome.isTerminated[row]
    batch.ends[index] = isTerminated ? .terminated : .truncated
    let environment = group.first + row
    tally.episodes.add(return: returns[environment], length: lengths[environment])
    (returns[environment], lengths[environment]) = (0, 0)
    guard !isTerminated else { return }
    let target = batch.appendFinalObservation(ofRow: index)
    try encode(group, group.environment.outcome.finalObservations, row..<row + 1, group.finalEncoder, target)
    normalizer?.apply(target, rows: 1)
  }

  private func observeLast(_ batch: RolloutBuffer) throws {
    for group in groups {
      let target = batch.lastObservations + group.first * batch.observationWidth
      try encode(group, group.environment.outcome.observations, 0..<group.count, group.observationEncoder, target)
      normalizer?.apply(target, rows: group.count)
    }
  }

  private func encode(
    _ group: EnvironmentGroup,
    _ observations: ValueBatch,
    _ rows: Range<Int>,
    _ encoder: ObservationEncoder,
    _ target: UnsafeMutablePointer<Float>
  ) throws(TrainingError) {
    encoder.encode(observations, rows: rows, into: target)
    if let (row, reason) = encoder.problem(in: target, rows: rows.count) {
      throw .unusableObservation(environment: group.first + rows.lowerBound + row, reason: reason)
    }
  }
}
