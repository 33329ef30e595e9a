import Environments

/// A run whose loop belongs to somebody else: others ask for actions and report rewards, and it learns meanwhile.
///
/// Each session is one episode; many may be under way at once. An update comes with the end of a session, once there are
/// as many steps as the agent wants for each session, and learns from all complete steps of ended and open
/// sessions alike (protocol/SPEC.md 17.9). A session takes the place of a sub-environment of a ``Trainer``: it is known by
/// the least number that is free when it begins, and each number has its own stream of action noise, so that the same
/// requests in the same order give the same bits.
///
/// Once `epochs` are over it goes on acting and learns no more.
public final class SessionTrainer {
  /// The settings.
  public let settings: SettingValues
  /// What learns.
  public let agent: any Agent
  /// How many epochs are over.
  public internal(set) var epoch = 0
  /// How many steps with a reward there have been, all sessions together.
  public internal(set) var environmentSteps = 0

  var tally = EpochTally()
  var sessions = SessionTable()
  /// How many complete steps there are that no update has used.
  var unusedSteps = 0
  /// Whether an update that wants whole episodes waits for those under way to end.
  var isWaiting = false
  /// The episodes that ended since the last update.
  var recentEpisodes = EpisodeSummary()
  /// The space of the observations that others tell, one at a time.
  public let observationSpace: Space
  let task: AgentTask
  private let memory: FrameMemory?
  private let shaping: RewardShaping?
  private let encoder: ObservationEncoder
  private let actionEncoder: ActionEncoder
  /// The observation that is looked at, encoded, and the action that is chosen.
  private let observation: Memory<Float>
  private let action: Memory<Float>

  /// Prepares a run with the spaces that the others use.
  ///
  /// - Parameters:
  ///   - shaping: what is added to the rewards that are learned from; the metrics are about those that were reported.
  ///   - wrappers: what stands between the others' numbers and what is learned; stacks of frames are made here.
  ///   - usesMasks: whether masks of actions will be given.
  ///   - isInterrupted: asked within updates, by any thread: whether to leave one unfinished, as if it had not begun.
  public init(
    _ settings: SettingValues, observationSpace: Space, actionSpace: Space, shaping: Shaping? = nil,
    wrappers: Wrappers = Wrappers(), usesMasks: Bool = false,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) {
    self.observationSpace = observationSpace
    memory = try wrappers.frameMemory(observationSpace)
    let observationSpace = memory?.stackSpace ?? observationSpace
    encoder = try ObservationEncoder(observationSpace, wrappers: wrappers)
    actionEncoder = try ActionEncoder(actionSpace, wrappers: wrappers)
    task = try AgentTask(
      observationSpace: observationSpace, actionSpace: actionSpace, usesMasks: usesMasks, wrappers: wrappers,
      isInterrupted: isInterrupted)
    self.settings = settings.settled(for: ActionKinds(task.distribution))
    agent = try Algorithm.makeAgent(self.settings, for: task)
    let policy = agent.policy
    do throws(EnvironmentError) { self.policy = policy.frameStack > 1 ? try UnstackedPolicy(policy) : policy } catch {
      throw .unsupportedSpace(path: "obs", kind: observationSpace.kind, reason: "\(error)")
    }
    self.shaping = try RewardShaping(shaping, self.settings, for: task)
    observation = Memory(count: task.observationWidth, filledWith: 0)
    action = Memory(count: task.actionWidth, filledWith: 0)
  }

  /// The policy as it is now, for acts that belong to no session.
  public let policy: any Policy

  /// How many updates the policy has seen; it grows with each of them.
  public var policyVersion: Int { agent.updates }

  /// What gives the agent episodes that were recorded of `count` sub-environments with these spaces.
  ///
  /// - Throws: ``TrainingError/unusableFile(what:reason:)`` where the run has other spaces.
  public func recordedExperience(
    of observationSpace: Space, _ actionSpace: Space, count: Int
  ) throws(TrainingError) -> RecordedExperience {
    try task.requireSpaces(observationSpace, actionSpace)
    return try RecordedExperience(agent, task, shaping: shaping, count: count)
  }

  /// Opens a session, and returns its number.
  public func begin() -> Int {
    let session = sessions.begin {
      SessionEpisode(
        observationWidth: task.observationWidth, actionWidth: task.actionWidth, maskWidth: task.maskWidth,
        distributionWidth: agent.distributionWidth)
    }
    sessions[session].isLate = isWaiting
    return session
  }

  /// Chooses what an open session does next, on the observation in row 0.
  ///
  /// - Parameters:
  ///   - mask: which choices are legal, in row 0; nil allows everything.
  ///   - reward: what was earned since the last action of the session; nil with its first.
  ///   - choice: a sample without a seed comes from the session's own random numbers; from a greedy action the value
  ///     function alone learns.
  ///   - answers: receives the action, a Box's clipped to its bounds, and its estimates in row 0.
  /// - Throws: `PolicyError` for an observation that cannot be learned from; nothing has changed then.
  public func act(
    in session: Int, on observations: ValueBatch, mask: MaskBatch? = nil, reward: Double?,
    choice: ActionChoice = .sampled(seed: nil), into answers: ActionBatch
  ) throws(PolicyError) {
    let episode = sessions[session]
    try encode(observations, in: episode)
    let learnedReward = try learnedReward(episode, reward)
    let estimate = try agent.decide(
      session, on: observation.pointer, mask: task.maskWidth > 0 ? mask?.start : nil, choice: choice,
      action: action.pointer)
    tally.clippedNumbers += actionEncoder.encode(action.pointer, rows: 1, into: answers.actions)
    tally.actionNumbers += task.actionWidth
    complete(episode, reward, learnedReward)
    beginStep(episode, mask, source: choice == .greedy ? .unsampled : .policy, estimate, answers)
  }

  /// Notes what somebody else does in an open session: the action in row 0 of `answers`, a value of the space.
  ///
  /// The value function learns from it, and the policy only where it is to imitate. `answers` receives the estimates in row 0.
  public func log(
    in session: Int, on observations: ValueBatch, reward: Double?, answers: ActionBatch
  ) throws(PolicyError) {
    let episode = sessions[session]
    try encode(observations, in: episode)
    let learnedReward = try learnedReward(episode, reward)
    actionEncoder.decode(answers.actions, row: 0, into: action.pointer)
    let estimate = try agent.decide(
      session, on: observation.pointer, mask: nil, choice: nil, action: action.pointer)
    complete(episode, reward, learnedReward)
    beginStep(episode, nil, source: .other, estimate, answers)
  }

  /// Closes a session at the final observation in row 0, and makes an update if one is due.
  ///
  /// - Parameters:
  ///   - reward: what was earned since the last action; nil if there was none.
  ///   - isTerminated: whether nothing could be earned from there on; if not, the episode was merely cut.
  /// - Throws: `PolicyError` for an observation that cannot be learned from, when nothing has changed;
  ///   ``TrainingError`` where the numbers ran away, or the update was interrupted.
  public func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> SessionUpdate? {
    let episode = sessions[session]
    try encode(observations, in: episode)
    try agent.look(at: observation.pointer)
    let learnedReward = try learnedReward(episode, reward, isTerminated: isTerminated)
    complete(episode, reward, learnedReward)
    episode.nextObservation.update(from: observation.pointer, count: task.observationWidth)
    episode.finish(isTerminated ? .terminated : .truncated)
    if episode.length > 0 {
      tally.episodes.add(return: episode.totalReward, length: episode.length)
      recentEpisodes.add(return: episode.totalReward, length: episode.length)
    }
    let isKept = episode.completeCount > 0 && !episode.isLate && !isOver
    if !isKept { unusedSteps -= episode.completeCount }
    sessions.close(session, isKept: isKept)
    return isUpdateDue ? try update() : nil
  }

  /// Closes a session and forgets those of its steps that no update has used.
  public func abandon(_ session: Int) {
    unusedSteps -= sessions[session].completeCount
    sessions.close(session, isKept: false)
    guard isWaiting, !sessions.hasWholeEpisodes else { return }
    // Nothing is left of what the update waited for.
    isWaiting = false
    sessions.takeLateEpisodes()
  }

  /// Encodes row 0.
  private func encode(_ observations: ValueBatch, in episode: SessionEpisode) throws(PolicyError) {
    let seen = memory?.next(observations, in: episode.frames) ?? observations
    encoder.encode(seen, rows: 0..<1, into: observation.pointer)
    if let reason = encoder.problem(in: observation.pointer, rows: 1)?.reason {
      throw .unusableObservation(row: 0, reason: reason)
    }
  }

  private func beginStep(
    _ episode: SessionEpisode, _ mask: MaskBatch?, source: ActionSource, _ estimate: ActionEstimate,
    _ answers: ActionBatch
  ) {
    answers.hasLogProbabilities = answers.logProbabilities != nil && estimate.logProbability != nil
    answers.hasValues = answers.values != nil && estimate.value != nil
    if let logProbability = estimate.logProbability { answers.logProbabilities?.floats?[0] = logProbability }
    if let value = estimate.value { answers.values?.floats?[0] = value }
    episode.nextObservation.update(from: observation.pointer, count: task.observationWidth)
    episode.nextAction.update(from: action.pointer, count: task.actionWidth)
    if let mask = mask?.start {
      episode.nextMask.update(from: mask, count: task.maskWidth)
    } else {
      episode.nextMask.update(repeating: 1, count: task.maskWidth)
    }
    memory?.keep(in: episode.frames)
    if !episode.hasActed { sessions.startWorking() }
    episode.beginStep(source: source, estimate, version: agent.updates)
  }

  /// What is learned from instead of a reward, with the observation that was just encoded as the one that came of it.
  private func learnedReward(
    _ episode: SessionEpisode, _ reward: Double?, isTerminated: Bool = false
  ) throws(PolicyError) -> Double {
    guard let reward else { return 0 }
    let learned = task.wrappers.learned(reward)
    guard let shaping else { return learned }
    let shaped = shaping.shape(
      learned, from: episode.incompleteObservation, to: observation.pointer, isTerminated: isTerminated)
    guard shaped.isFinite else {
      throw .unusableObservation(
        row: 0, reason: "the potential that shapes rewards makes a reward of it that is \(shaped)")
    }
    return shaped
  }

  private func complete(_ episode: SessionEpisode, _ reward: Double?, _ learnedReward: Double) {
    precondition((reward != nil) == (episode.completeCount < episode.count), "a reward belongs to an action")
    guard let reward else { return }
    episode.completeStep(reward: reward, learnedReward: learnedReward)
    unusedSteps += 1
    environmentSteps += 1
    tally.steps += 1
    tally.rewardSum += reward
    if agent.schedule.finishesEpisodes, unusedSteps >= stepsForUpdate { isWaiting = true }
    if isOver { forgetSteps(of: episode) }
  }
}
