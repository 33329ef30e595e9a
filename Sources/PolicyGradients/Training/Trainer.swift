import Environments

/// A run: a policy that acts in environments, learns from what happens, and reports after each epoch.
///
/// The same configuration and environments give the same bits, however many processes the sub-environments are spread
/// over and whatever their timing. A trainer does no input or output of its own.
public final class Trainer {
  /// The settings.
  public let configuration: Configuration
  /// The policy, the value function and their optimisers.
  public let learner: Learner
  /// How many epochs are over.
  public internal(set) var epoch = 0
  /// How many environment steps have been made, all sub-environments together.
  public internal(set) var environmentSteps = 0
  /// How many steps each sub-environment makes for an update.
  public let horizon: Int
  /// How many updates an epoch has.
  public let updatesPerEpoch: Int

  let observationSpace: Space
  let actionSpace: Space
  let collector: Collector
  let batch: RolloutBuffer
  var rewardScaler: RewardScaler?
  private let spec: EnvironmentSpec
  private var usedSteps: [Int]

  /// Prepares a run in one or several vector environments with the same spaces, which are stepped together.
  ///
  /// `usesHelperThread` is worth it where at least two processors are available; it changes no bit of the results.
  public init(
    _ configuration: Configuration, environments: [any VectorEnvironment], usesHelperThread: Bool = false
  ) throws(TrainingError) {
    try configuration.validate()
    self.configuration = configuration
    let groups = try EnvironmentGroup.all(environments)
    (observationSpace, actionSpace) = (environments[0].observationSpace, environments[0].actionSpace)
    spec = environments[0].spec
    let (width, distribution) = (groups[0].observationEncoder.width, groups[0].actionEncoder.distribution)
    var generator = RandomStream.initialization.generator(configuration.seed)
    learner = try Learner(
      configuration, observationWidth: width, distribution: distribution, generator: &generator,
      usesHelperThread: usesHelperThread)
    let count = groups.reduce(0) { $0 + $1.count }
    collector = Collector(
      groups,
      generators: (0..<count).map { RandomStream.actions.generator(configuration.seed, UInt64($0)) },
      normalizer: configuration.normalizesObservations ? ObservationNormalizer(width: width) : nil
    )
    rewardScaler = configuration.scalesRewards ? RewardScaler(environments: count) : nil
    horizon = configuration.horizon(environments: count)
    updatesPerEpoch = configuration.updatesPerEpoch(environments: count)
    usedSteps = Array(repeating: 0, count: count)
    batch = RolloutBuffer(
      environments: count,
      observationWidth: width,
      actionWidth: distribution.actionCount,
      maskWidth: groups.map(\.environment.outcome.masks.width).max() ?? 0,
      distributionWidth: distribution.parameterCount,
      steps: horizon
    )
  }

  /// Runs the epochs that are left.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before every step; what has been learned by then stays.
  ///   - report: receives the metrics of each epoch when it is over.
  /// - Returns: whether the run came to its end.
  /// - Throws: what an environment or `report` throws, and ``TrainingError``; the policy stays as it is.
  @discardableResult
  public func run(
    shouldStop: () -> Bool = { false },
    report: (EpochMetrics) throws -> Void
  ) throws -> Bool {
    if epoch < configuration.epochs { try resetEnvironments() }
    while epoch < configuration.epochs {
      collector.beginEpoch()
      var metrics = UpdateMetrics()
      for update in 0..<updatesPerEpoch {
        guard try collect(shouldStop: shouldStop) else { return false }
        environmentSteps += batch.rows
        collector.normalizer?.takeIn()
        rewardScaler?.apply(batch, discount: configuration.discount)
        metrics = try learner.update(
          batch,
          usedSteps: configuration.finishesEpisodes ? usedSteps : nil,
          progress: Double(learner.updates) / Double(configuration.epochs * updatesPerEpoch),
          isMeasured: update == updatesPerEpoch - 1
        )
      }
      epoch += 1
      let isResumable = isResetDue
      if isResumable, epoch < configuration.epochs { try resetEnvironments() }
      try report(
        EpochMetrics(
          epoch: epoch - 1, environmentSteps: environmentSteps, collector.tally, update: metrics,
          isResumable: isResumable))
    }
    return true
  }

  private func collect(shouldStop: () -> Bool) throws -> Bool {
    guard try collector.collect(horizon, into: batch, policy: learner.policy, shouldStop: shouldStop) else {
      return false
    }
    guard configuration.finishesEpisodes else { return true }
    return try collector.finishEpisodes(
      into: batch,
      policy: learner.policy,
      limit: spec.maximumEpisodeSteps ?? 10 * horizon + 10_000,
      usedSteps: &usedSteps,
      shouldStop: shouldStop
    )
  }

  /// Whether the next epoch begins with resets.
  private var isResetDue: Bool {
    configuration.resetsEachEpoch || configuration.finishesEpisodes || epoch == configuration.epochs
      || (configuration.checkpointInterval > 0 && epoch % configuration.checkpointInterval == 0)
  }

  /// Begins every episode anew, with seeds that depend on the run's seed, the epoch and the sub-environment alone.
  private func resetEnvironments() throws {
    var generator = RandomStream.environments.generator(configuration.seed, UInt64(epoch))
    // 48 bits leave room for the number of the sub-environment below the protocol's limit of 2^53 - 1.
    try collector.reset(seed: generator.next() >> 16)
    rewardScaler?.reset()
  }
}

extension Configuration {
  /// How many steps each of `environments` sub-environments makes for an update.
  func horizon(environments: Int) -> Int {
    let wanted = stepsPerUpdate > 0 ? min(stepsPerUpdate, stepsPerEpoch) : stepsPerEpoch
    return max(minimumHorizon, wanted / environments)
  }

  /// How many updates an epoch of `environments` sub-environments has.
  func updatesPerEpoch(environments: Int) -> Int {
    let steps = horizon(environments: environments) * environments
    return max(1, stepsPerEpoch / steps)
  }
}
