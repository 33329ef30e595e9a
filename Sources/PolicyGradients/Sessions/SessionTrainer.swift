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

  let observationSpace: Space
  let actionSpace: Space
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
  let report: (EpochMetrics) throws -> Void
  private let actionEncoder: ActionEncoder
  private let workspace = PolicyWorkspace()
  /// The observation that is looked at, normalised.
  private let observation: Memory<Float>

  /// Prepares a run with the spaces that the others use.
  ///
  /// - Parameters:
  ///   - usesMasks: whether masks of actions will be given.
  ///   - report: receives the metrics of each epoch when it is over.
  public init(
    _ configuration: Configuration, observationSpace: Space, actionSpace: Space, usesMasks: Bool = false,
    usesHelperThread: Bool = false, report: @escaping (EpochMetrics) throws -> Void = { _ in }
  ) throws(TrainingError) {
    try configuration.validate()
    self.configuration = configuration
    (self.observationSpace, self.actionSpace, self.report) = (observationSpace, actionSpace, report)
    encoder = try ObservationEncoder(observationSpace)
    actionEncoder = try ActionEncoder(actionSpace)
    let (width, distribution) = (encoder.width, actionEncoder.distribution)
    var generator = RandomStream.initialization.generator(configuration.seed)
    learner = try Learner(
      configuration, observationWidth: width, distribution: distribution, generator: &generator,
      usesHelperThread: usesHelperThread)
    normalizer = configuration.normalizesObservations ? ObservationNormalizer(width: width) : nil
    rewardScaler = configuration.scalesRewards ? RewardScaler(environments: 0) : nil
    observation = Memory(count: width, filledWith: 0)
    batch = RolloutBuffer(
      environments: 1, observationWidth: width, actionWidth: distribution.actionCount,
      maskWidth: usesMasks ? distribution.maskCount : 0, steps: configuration.horizon(environments: 1))
  }
  /// How many updates the policy has seen; it grows with each of them.
  public var policyVersion: Int { learner.updates }

  /// What is wrong with the first row of a batch of observations, as a clause; nil if it can be acted on and learned from.
  public func problem(with observations: ValueBatch) -> String? {
    encoder.encode(observations, rows: 0..<1, into: observation.pointer)
    return encoder.problem(in: observation.pointer, rows: 1)?.reason
  }

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

  /// Chooses what an open session does next.
  ///
  /// - Parameters:
  ///   - observations: the observation is row 0; ``problem(with:)`` has found nothing wrong with it.
  ///   - reward: what was earned since the last action of the session; nil with its first.
  ///   - mask: which choices are legal, `actionSpace.maskWidth` numbers; nil allows everything.
  ///   - isDeterministic: takes the mode or mean, from which the value function alone learns.
  ///   - seed: fixes this sample alone.
  ///   - actions: receives the action in row 0, a Box's clipped to its bounds.
  public func act(
    in session: Int, on observations: ValueBatch, reward: Double?, mask: UnsafePointer<UInt8>? = nil,
    isDeterministic: Bool = false, seed: UInt64? = nil, into actions: ValueBatch
  ) -> SessionAnswer {
    let (episode, parameters) = observe(session, observations, reward: reward, mask: mask)
    let (distribution, action) = (learner.policy.distribution, episode.nextAction)
    if isDeterministic {
      distribution.mode(parameters, into: action)
    } else if let seed {
      var generator = RandomStream.actions.generator(seed)
      distribution.sample(parameters, using: &generator, into: action)
    } else {
      distribution.sample(parameters, using: &generators[session], into: action)
    }
    tally.clippedNumbers += actionEncoder.encode(action, rows: 1, into: actions)
    tally.actionNumbers += batch.actionWidth
    return beginStep(episode, parameters, source: isDeterministic ? .other : .policy)
  }

  /// Notes what somebody else does in an open session: row 0 of `actions`, which is a value of the space.
  ///
  /// The value function learns from it, and the policy does not. The other parameters are those of an act.
  public func log(
    _ actions: ValueBatch, in session: Int, on observations: ValueBatch, reward: Double?
  ) -> SessionAnswer {
    let (episode, parameters) = observe(session, observations, reward: reward, mask: nil)
    actionEncoder.decode(actions, row: 0, into: episode.nextAction)
    return beginStep(episode, parameters, source: .other)
  }

  /// Closes a session, and makes an update if one is due.
  ///
  /// - Parameters:
  ///   - observations: the final observation is row 0.
  ///   - reward: what was earned since the last action; nil if there was none.
  ///   - isTerminated: whether nothing could be earned from there on; if not, the episode was merely cut.
  /// - Throws: ``TrainingError`` where the numbers ran away, and what the report of an epoch throws.
  public func end(
    _ session: Int, on observations: ValueBatch, reward: Double?, isTerminated: Bool
  ) throws -> SessionUpdate? {
    let episode = sessions[session]
    complete(episode, reward)
    encoder.encode(observations, rows: 0..<1, into: episode.nextObservation)
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
  }

  /// Completes the step before, and computes the parameters of the distribution of the next action.
  private func observe(
    _ session: Int, _ observations: ValueBatch, reward: Double?, mask: UnsafePointer<UInt8>?
  ) -> (SessionEpisode, UnsafeMutablePointer<Float>) {
    let episode = sessions[session]
    complete(episode, reward)
    encoder.encode(observations, rows: 0..<1, into: episode.nextObservation)
    observation.pointer.update(from: episode.nextObservation, count: encoder.width)
    normalizer?.apply(observation.pointer, rows: 1)
    let parameters = learner.policy.forward(observation.pointer, rows: 1, workspace)
    guard batch.maskWidth > 0 else { return (episode, parameters) }
    if let mask {
      episode.nextMask.update(from: mask, count: batch.maskWidth)
      _ = learner.policy.distribution.apply(mask: mask, to: parameters)
    } else {
      episode.nextMask.update(repeating: 1, count: batch.maskWidth)
    }
    return (episode, parameters)
  }

  private func beginStep(
    _ episode: SessionEpisode, _ parameters: UnsafePointer<Float>, source: ActionSource
  ) -> SessionAnswer {
    let logProbability = learner.policy.distribution.logProbability(parameters, of: episode.nextAction)
    var value = Float.zero
    learner.value?.evaluate(observation.pointer, rows: 1, into: &value)
    if !episode.hasActed { sessions.startWorking() }
    episode.beginStep(source: source, logProbability: logProbability, version: learner.updates)
    return SessionAnswer(logProbability: logProbability, value: learner.value.map { _ in value })
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
