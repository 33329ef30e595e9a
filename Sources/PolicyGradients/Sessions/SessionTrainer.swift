import Environments

/// A run whose loop belongs to somebody else: others ask for actions and report rewards, and it learns meanwhile.
///
/// Each session is one episode; many may be under way at once. An update comes with the end of a session, once there are
/// as many steps as the configuration wants for each session, and learns from all complete steps of ended and open
/// sessions alike (protocol/SPEC.md 17.9). A session takes the place of a sub-environment of a ``Trainer``: it is known by
/// the least number that is free when it begins, and each number has its own stream of action noise, so that the same
/// requests in the same order give the same bits.
///
/// Once `epochs` are over it goes on acting and learns no more.
public final class SessionTrainer {
  /// The settings.
  public let configuration: Configuration
  /// The policy, the value function and their optimisers.
  public let learner: Learner
  /// How many epochs are over.
  public internal(set) var epoch = 0
  /// How many steps with a reward there have been, all sessions together.
  public internal(set) var environmentSteps = 0

  /// The policy as it is now, for acts that belong to no session.
  public let policy: NetworkPolicy
  var generators: [PCG64] = []
  var normalizer: ObservationNormalizer?
  var rewardScaler: RewardScaler?
  var tally = EpochTally()
  var sessions = SessionTable()
  /// How many complete steps there are that no update has used.
  var unusedSteps = 0
  /// Whether an update that wants whole episodes waits for those under way to end.
  var isWaiting = false
  /// The episodes that ended since the last update.
  var recentEpisodes = EpisodeSummary()
  let encoder: ObservationEncoder
  let batch: RolloutBuffer
  private let actionEncoder: ActionEncoder
  private let workspace = PolicyWorkspace()
  /// The observation that is looked at, as it came and normalised, and V of it.
  private let rawObservation: Memory<Float>
  private let observation: Memory<Float>
  private var value: Float = 0

  /// Prepares a run with the spaces that the others use; `usesMasks` says whether masks of actions will be given.
  public init(
    _ configuration: Configuration, observationSpace: Space, actionSpace: Space, usesMasks: Bool = false
  ) throws(TrainingError) {
    try configuration.validate()
    self.configuration = configuration
    encoder = try ObservationEncoder(observationSpace)
    actionEncoder = try ActionEncoder(actionSpace)
    let (width, distribution) = (encoder.width, actionEncoder.distribution)
    var generator = RandomStream.initialization.generator(configuration.seed)
    learner = try Learner(
      configuration, observationWidth: width, distribution: distribution, generator: &generator)
    policy = try NetworkPolicy(
      learner.policy, learner.value, observationSpace: observationSpace, actionSpace: actionSpace)
    normalizer = configuration.normalizesObservations ? ObservationNormalizer(width: width) : nil
    rewardScaler = configuration.scalesRewards ? RewardScaler(environments: 0) : nil
    (rawObservation, observation) = (Memory(count: width, filledWith: 0), Memory(count: width, filledWith: 0))
    batch = RolloutBuffer(
      environments: 1, observationWidth: width, actionWidth: distribution.actionCount,
      maskWidth: usesMasks ? distribution.maskCount : 0, steps: configuration.horizon(environments: 1))
  }

  /// How many updates the policy has seen; it grows with each of them.
  public var policyVersion: Int { learner.updates }

  /// Opens a session, and returns its number.
  public func begin() -> Int {
    let session = sessions.begin {
      SessionEpisode(
        observationWidth: encoder.width, actionWidth: batch.actionWidth, maskWidth: batch.maskWidth)
    }
    sessions[session].isLate = isWaiting
    for index in generators.count..<max(session + 1, generators.count) {
      generators.append(RandomStream.actions.generator(configuration.seed, UInt64(index)))
    }
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
  /// - Throws: ``Environments/PolicyError`` for an observation that cannot be learned from; nothing has changed then.
  public func act(
    in session: Int, on observations: ValueBatch, mask: MaskBatch? = nil, reward: Double?,
    choice: ActionChoice = .sampled(seed: nil), into answers: ActionBatch
  ) throws(PolicyError) {
    let episode = sessions[session]
    let parameters = try observe(observations)
    complete(episode, reward)
    if batch.maskWidth > 0 { apply(mask, to: parameters, episode) }
    let (distribution, action) = (learner.policy.distribution, episode.nextAction)
    switch choice {
    case .greedy: distribution.mode(parameters, into: action)
    case .sampled(nil): distribution.sample(parameters, using: &generators[session], into: action)
    case .sampled(let seed?):
      var generator = PCG64(seed: seed)
      distribution.sample(parameters, using: &generator, into: action)
    }
    tally.clippedNumbers += actionEncoder.encode(action, rows: 1, into: answers.actions)
    tally.actionNumbers += batch.actionWidth
    beginStep(episode, parameters, source: choice == .greedy ? .other : .policy, answers)
  }

  /// Notes what somebody else does in an open session: the action in row 0 of `answers`, a value of the space.
  ///
  /// The value function learns from it, and the policy does not. `answers` receives the estimates in row 0.
  public func log(
    in session: Int, on observations: ValueBatch, reward: Double?, answers: ActionBatch
  ) throws(PolicyError) {
    let episode = sessions[session]
    let parameters = try observe(observations)
    complete(episode, reward)
    if batch.maskWidth > 0 { apply(nil, to: parameters, episode) }
    actionEncoder.decode(answers.actions, row: 0, into: episode.nextAction)
    beginStep(episode, parameters, source: .other, answers)
  }

  /// Closes a session at the final observation in row 0, and makes an update if one is due.
  ///
  /// - Parameters:
  ///   - reward: what was earned since the last action; nil if there was none.
  ///   - isTerminated: whether nothing could be earned from there on; if not, the episode was merely cut.
  /// - Throws: ``Environments/PolicyError`` for an observation that cannot be learned from, when nothing has changed;
  ///   ``TrainingError`` where the numbers ran away.
  public func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> SessionUpdate? {
    let episode = sessions[session]
    _ = try observe(observations)
    complete(episode, reward)
    episode.nextObservation.update(from: rawObservation.pointer, count: encoder.width)
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

  /// Encodes row 0, and computes the parameters of the distribution of actions there.
  private func observe(_ observations: ValueBatch) throws(PolicyError) -> UnsafeMutablePointer<Float> {
    encoder.encode(observations, rows: 0..<1, into: rawObservation.pointer)
    if let reason = encoder.problem(in: rawObservation.pointer, rows: 1)?.reason {
      throw .unusableObservation(row: 0, reason: reason)
    }
    observation.pointer.update(from: rawObservation.pointer, count: encoder.width)
    normalizer?.apply(observation.pointer, rows: 1)
    let parameters = learner.policy.forward(observation.pointer, rows: 1, workspace)
    value = 0
    learner.value?.evaluate(observation.pointer, rows: 1, into: &value)
    for index in 0..<learner.policy.distribution.parameterCount where !parameters[index].isFinite { value = .nan }
    guard value.isFinite else {
      throw .unusableObservation(row: 0, reason: "it is so large that the networks do not give finite numbers")
    }
    return parameters
  }

  private func apply(_ mask: MaskBatch?, to parameters: UnsafeMutablePointer<Float>, _ episode: SessionEpisode) {
    guard let start = mask?.start else { return episode.nextMask.update(repeating: 1, count: batch.maskWidth) }
    episode.nextMask.update(from: start, count: batch.maskWidth)
    _ = learner.policy.distribution.apply(mask: start, to: parameters)
  }

  private func beginStep(
    _ episode: SessionEpisode, _ parameters: UnsafePointer<Float>, source: ActionSource, _ answers: ActionBatch
  ) {
    let logProbability = learner.policy.distribution.logProbability(parameters, of: episode.nextAction)
    answers.hasLogProbabilities = answers.logProbabilities != nil
    answers.hasValues = answers.values != nil && learner.value != nil
    answers.logProbabilities?.floats?[0] = logProbability
    answers.values?.floats?[0] = value
    episode.nextObservation.update(from: rawObservation.pointer, count: encoder.width)
    if !episode.hasActed { sessions.startWorking() }
    episode.beginStep(source: source, logProbability: logProbability, version: learner.updates)
  }

  private func complete(_ episode: SessionEpisode, _ reward: Double?) {
    precondition((reward != nil) == (episode.completeCount < episode.count), "a reward belongs to an action")
    guard let reward else { return }
    episode.completeStep(reward: reward)
    unusedSteps += 1
    environmentSteps += 1
    tally.steps += 1
    tally.rewardSum += reward
    if configuration.finishesEpisodes, unusedSteps >= stepsForUpdate { isWaiting = true }
  }
}
