import Environments

/// Lets an agent act in every sub-environment, and hands it what comes of it.
///
/// The groups of sub-environments are stepped in turn: while one computes, the agent acts for the next. What an agent
/// does for a stream depends on that stream alone, so that nothing depends on the number of groups or on their timing.
final class Collector {
  let environments: Int
  // One thread collects, so the fields need no checks for overlapping accesses.
  /// What has happened since the last ``beginEpoch()``.
  @exclusivity(unchecked) private(set) var tally = EpochTally()
  /// How many steps of every sub-environment there have been since the agent has learned; where some go ahead of others,
  /// nobody counts them.
  @exclusivity(unchecked) private(set) var steps = 0
  /// How many steps of all sub-environments together have been answered since then.
  @exclusivity(unchecked) private(set) var answeredSteps = 0

  /// How many steps more have been made than were due, where groups do not wait for each other.
  var surplus = 0

  /// Where actions are counted; nil where nobody wants to know.
  @exclusivity(unchecked) var histograms: ActionHistograms?

  let curriculum: Curriculum?
  let groups: [EnvironmentGroup]
  private let info: InfoFollower?
  /// The lesson that each sub-environment's episode began in.
  private let lessons: Memory<Int>
  private var restartsBefore = 0
  let agent: any Agent
  private let shaping: RewardShaping?
  private let wrappers: Wrappers
  /// The rewards that are learned from, where they are not those that were earned.
  private let learnedRewards: Memory<Double>
  let width: Int
  private let actionWidth: Int
  private let maskWidth: Int
  /// What each sub-environment shows now, encoded.
  let observations: Memory<Float>
  private let finalObservation: Memory<Float>
  /// What stands for the masks of a group that tells none.
  private let allLegal: Memory<UInt8>
  private let returns: Memory<Double>
  private let lengths: Memory<Int>
  /// Whether what a sub-environment does now counts: not where only the ends of others are waited for.
  private let counts: Memory<Bool>

  init(
    _ groups: [EnvironmentGroup], _ task: AgentTask, _ agent: any Agent, shaping: RewardShaping?,
    curriculum: Curriculum?, info: [InfoMetric]
  ) {
    (self.groups, self.agent, self.shaping, self.curriculum) = (groups, agent, shaping, curriculum)
    wrappers = task.wrappers
    learnedRewards = Memory(count: task.wrappers.keepsRewards ? 0 : task.streams, filledWith: 0)
    (width, actionWidth, maskWidth) = (task.observationWidth, task.actionWidth, task.maskWidth)
    environments = task.streams
    observations = Memory(count: environments * width, filledWith: 0)
    finalObservation = Memory(count: width, filledWith: 0)
    allLegal = Memory(count: environments * maskWidth, filledWith: 1)
    returns = Memory(count: environments, filledWith: 0)
    lengths = Memory(count: environments, filledWith: 0)
    counts = Memory(count: environments, filledWith: true)
    lessons = Memory(count: environments, filledWith: 0)
    self.info = info.isEmpty ? nil : InfoFollower(info, streams: environments)
  }

  /// Whether some groups live with a copy of the policy.
  private var hasWorkers: Bool { groups.contains { $0.rollouts != nil } }

  /// How many episodes are under way that have had a step, and count.
  var runningEpisodes: Int { (0..<environments).count { counts[$0] && lengths[$0] > 0 } }

  /// Starts the counts of an epoch; `tally` is what has been counted of it already.
  func beginEpoch(_ tally: EpochTally = EpochTally()) {
    self.tally = tally
  }

  /// Counts what has been started anew since it was counted last.
  private func countRestarts() {
    let total = groups.reduce(0) { $0 + $1.environment.restartCount }
    tally.restarts += total - restartsBefore
    restartsBefore = total
  }

  /// Begins an episode everywhere; sub-environment i of all gets the seed `seed + i`.
  ///
  /// Episodes under way that counted are cut by it.
  func reset(seed: UInt64) throws {
    try abandonSteps()
    for group in groups { try group.environment.beginReset(seed: seed + UInt64(group.first)) }
    for group in groups { try group.environment.reset(seed: seed + UInt64(group.first), options: [:]) }
    try begin()
  }

  /// Goes on from episodes that have begun everywhere.
  func begin() throws {
    for index in 0..<environments {
      if counts[index], lengths[index] > 0 { tally.cutEpisodes += 1 }
      (returns[index], lengths[index], counts[index]) = (0, 0, true)
      lessons[index] = curriculum?.state.lesson ?? 0
      info?.begin(index)
    }
    beginUpdate()
    for group in groups {
      try observe(group)
      shaping?.begin(group.streams, observations.pointer + group.first * width)
    }
    countRestarts()
    agent.beginEpisodes()
  }

  /// Begins to count the steps for an update.
  func beginUpdate() { (steps, answeredSteps) = (0, 0) }

  /// Adds what has happened elsewhere.
  func add(_ other: EpochTally) { tally.add(other.numbers) }

  /// Makes `horizon` steps of every sub-environment.
  ///
  /// While one group computes its step, the agent acts for the next. Returns false, with every group at rest, as soon as
  /// `shouldStop` says so, which is asked before each step. `meanwhile` is called while all groups compute the first, or
  /// workers all of them.
  func collect(_ horizon: Int, shouldStop: () -> Bool, meanwhile: () throws -> Void) throws -> Bool {
    beginUpdate()
    if hasWorkers {
      if shouldStop() { return false }
      try obtain(steps: horizon, meanwhile: meanwhile)
    }
    for step in 0..<horizon {
      let isStopped = shouldStop()
      for group in groups {
        if step > 0 { try finish(group) }
        if !isStopped { try act(group) }
      }
      if isStopped { return false }
      if step == 0, !hasWorkers { try meanwhile() }
    }
    for group in groups { try finish(group) }
    steps = horizon
    return true
  }

  /// Makes further steps until the episode that runs now has ended in every sub-environment.
  ///
  /// What begins meanwhile counts nowhere: only short episodes would come to their end.
  ///
  /// - Parameter limit: the most steps that are made; what still runs then is cut.
  func finishEpisodes(limit: Int, shouldStop: () -> Bool) throws -> Bool {
    for index in 0..<environments { counts[index] = lengths[index] > 0 }
    let horizon = steps
    if hasWorkers {
      if shouldStop() { return false }
      try obtainEnds(limit: limit)
    }
    while steps - horizon < limit, (0..<environments).contains(where: { counts[$0] }) {
      if shouldStop() { return false }
      for group in groups { try act(group) }
      for group in groups { try finish(group) }
      steps += 1
      for index in 0..<environments where lengths[index] == 0 { counts[index] = false }
    }
    return true
  }

  /// Encodes what a group shows now.
  private func observe(_ group: EnvironmentGroup) throws(TrainingError) {
    try group.encode(
      group.environment.outcome.observations, 0..<group.count, group.observationEncoder,
      into: observations.pointer + group.first * width)
  }

  /// Lets the agent act for a group, and begins the step.
  func act(_ group: EnvironmentGroup) throws {
    var masks: UnsafePointer<UInt8>?
    if maskWidth > 0 { masks = group.environment.outcome.masks.start ?? UnsafePointer(allLegal.pointer) }
    let actions =
      if let worker = group.rollouts {
        try playBack(group, worker, masks)
      } else {
        try agent.act(group.streams, on: observations.pointer + group.first * width, masks: masks)
      }
    tally.clippedNumbers += group.actionEncoder.encode(actions, rows: group.count, into: group.actions)
    tally.actionNumbers += group.count * actionWidth
    try group.environment.beginStep(group.actions)
    group.isUnderWay = true
    histograms?.count(actions, rows: group.count)
    if group.rollouts == nil { agent.actionsAreUnderWay(group.streams) }
  }

  /// Waits for the step, counts what came of it, and hands it to the agent.
  func finish(_ group: EnvironmentGroup) throws {
    try group.environment.finishStep()
    group.isUnderWay = false
    let outcome = group.environment.outcome
    var sum = tally.rewardSum
    for row in 0..<group.count {
      let reward = outcome.rewards[row]
      guard reward.isFinite else {
        throw TrainingError.unusableReward(environment: group.first + row, value: reward)
      }
      sum += reward
    }
    tally.rewardSum = sum
    let lostRows = outcome.lostRows
    tally.steps += group.count - lostRows.count
    answeredSteps += group.count - lostRows.count
    try observe(group)
    guard let rewards = outcome.rewards.baseAddress else { return }
    let (returns, lengths) = (returns.pointer + group.first, lengths.pointer + group.first)
    var transitions = Transitions(
      of: group, times: lengths, observations: observations.pointer + group.first * width,
      finalObservation: finalObservation.pointer, rewards: rewards)
    if !wrappers.keepsRewards {
      let learned = learnedRewards.pointer + group.first
      for row in 0..<group.count { learned[row] = wrappers.learned(rewards[row]) }
      transitions.rewards = UnsafePointer(learned)
    }
    if let shaping { transitions.rewards = try shaping.shape(transitions) }
    try agent.takeIn(transitions)
    if let info {
      for row in 0..<group.count where !lostRows.contains(row) { info.note(group.first + row, outcome, row: row) }
    }
    for row in 0..<group.count {
      returns[row] += rewards[row]
      lengths[row] += 1
      guard outcome.hasEnded(row) else { continue }
      let told = info?.finish(group.first + row) ?? [:]
      if counts[group.first + row] {
        if outcome.cutRows.contains(row) {
          tally.cutEpisodes += 1
        } else {
          tally.episodes.add(return: returns[row], length: lengths[row], info: told)
          curriculum?.note(
            CurriculumEpisode(total: returns[row], length: lengths[row], info: told), of: lessons[group.first + row])
        }
      }
      (returns[row], lengths[row]) = (0, 0)
      // The options of the episode that has begun were drawn within the step, before the lesson can change.
      lessons[group.first + row] = curriculum?.state.lesson ?? 0
    }
    if group.environment.restartCount > 0 { countRestarts() }
    for row in lostRows {
      // The step that was lost is no part of the episode.
      if counts[group.first + row], lengths[row] > 1 { tally.cutEpisodes += 1 }
      (returns[row], lengths[row]) = (0, 0)
      lessons[group.first + row] = curriculum?.state.lesson ?? 0
      info?.begin(group.first + row)
    }
    guard let curriculum else { return }
    curriculum.note(steps: group.count - lostRows.count)
    curriculum.advance()
  }
}
