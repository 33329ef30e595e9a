import Environments

/// A run: an agent that acts in environments, learns from what happens, and reports after each epoch.
///
/// The same settings and environments give the same bits, however many processes the sub-environments are spread over and
/// whatever their timing. A trainer does no input or output of its own, and knows no algorithm.
public final class Trainer {
  /// The settings.
  public let settings: SettingValues
  /// What learns.
  public let agent: any Agent
  /// How many epochs are over.
  public internal(set) var epoch = 0
  /// How many environment steps have been learned from, all sub-environments together.
  public internal(set) var environmentSteps = 0
  /// How many steps each sub-environment makes for an update.
  public let horizon: Int
  /// How many updates an epoch has.
  public let updatesPerEpoch: Int
  /// How many environment steps an epoch has, where no update waits for the end of episodes.
  public let stepsPerEpoch: Int

  let task: AgentTask
  let collector: Collector
  /// How many updates of the epoch under way are over.
  var updatesInEpoch = 0
  private let spec: EnvironmentSpec
  private let shaping: RewardShaping?
  private let firstAnswers: FirstAnswers?
  /// The workers whose gradients the agent learns by; nil where it computes its own.
  private let crew: GradientCrew?

  /// Prepares a run in one or several vector environments with the same spaces, which are stepped together.
  ///
  /// - Parameters:
  ///   - lateWorkers: how many of the workers that compute gradients a step does not wait for.
  ///   - shaping: what is added to the rewards that are learned from; the metrics are about the environments' own.
  ///   - curriculum: chooses the options of the episodes in the one environment, which has to ask it for them.
  ///   - info: which numbers of the environments' own are followed.
  ///   - wrappers: what stands between the environments and what is learned.
  ///   - firstAnswers: steps the environments without waiting for all; nil waits.
  ///   - usesHelperThread: is worth it where at least two processors are available; it changes no bit of the results.
  ///   - isInterrupted: asked within updates, by any thread: whether to leave one unfinished, as if it had not begun.
  public init(
    _ settings: SettingValues, environments: [any VectorEnvironment], shaping: Shaping? = nil,
    curriculum: Curriculum? = nil, info: [InfoMetric] = [], wrappers: Wrappers = Wrappers(),
    firstAnswers: FirstAnswers? = nil, lateWorkers: Int = 0, usesHelperThread: Bool = false,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) {
    let groups = try EnvironmentGroup.all(environments, wrappers)
    let count = groups.reduce(0) { $0 + $1.count }
    spec = environments[0].spec
    task = try AgentTask(
      observationSpace: environments[0].observationSpace, actionSpace: environments[0].actionSpace,
      usesMasks: environments.contains { $0.outcome.masks.width > 0 }, streams: count, wrappers: wrappers,
      usesHelperThread: usesHelperThread, isInterrupted: isInterrupted)
    self.settings = settings.settled(for: ActionKinds(task.distribution))
    agent = try Algorithm.makeAgent(self.settings, for: task)
    let hasWorkers = groups.contains { $0.rollouts != nil || $0.environment is ThreadWorker }
    let distributed = agent as? any DistributedAgent
    guard distributed != nil || !hasWorkers else {
      throw .unusableSetting(
        name: "algorithm", value: settings.algorithm.name, requirement: "one whose agent has copies where workers act")
    }
    let mayMix = !hasWorkers || distributed?.mixesVersions == true
    guard firstAnswers == nil || !agent.schedule.finishesEpisodes && mayMix else {
      throw .unusableSetting(
        name: "wait", value: "first",
        requirement: agent.schedule.finishesEpisodes
          ? "all for \(settings.algorithm.name), which learns from whole episodes and so waits for the slowest process"
          : "all where workers act for \(settings.algorithm.name), which learns from one version of its policy at a time"
      )
    }
    self.firstAnswers = firstAnswers
    self.shaping = try RewardShaping(shaping, self.settings, for: task)
    collector = Collector(groups, task, agent, shaping: self.shaping, curriculum: curriculum, info: info)
    crew = GradientCrew(environments, agent, late: lateWorkers)
    guard crew != nil || !environments.contains(where: { $0 is ThreadWorker }) else {
      throw .unusableSetting(
        name: "threads", value: "\(environments.count)",
        requirement: "0 but for algorithms whose gradients several workers compute: a3c and dppo")
    }
    guard lateWorkers == 0 || crew?.waitsForAll == true && lateWorkers < environments.count else {
      throw .unusableSetting(
        name: "late-workers", value: "\(lateWorkers)",
        requirement: "less than the number of workers, and 0 but for dppo, whose steps wait for workers")
    }
    guard crew == nil || shaping == nil && !agent.schedule.finishesEpisodes else {
      throw .unusableSetting(
        name: shaping == nil ? OnPolicySettings.finishesEpisodes.name : "shaping", value: "on",
        requirement: "off where workers compute gradients")
    }
    let schedule = agent.schedule
    let horizon = schedule.horizon(streams: count)
    self.horizon = horizon
    let stepsPerUpdate = horizon * (crew?.streamsPerUpdate ?? count)
    updatesPerEpoch = schedule.updatesPerEpoch(ofSteps: stepsPerUpdate)
    stepsPerEpoch = updatesPerEpoch * stepsPerUpdate
  }

  /// Runs the epochs that are left; every episode begins anew.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before every step; what has been learned by then stays.
  ///   - report: receives the metrics of each epoch when it is over; a checkpoint may be taken then.
  /// - Returns: whether the run came to its end.
  /// - Throws: what an environment or `report` throws, and ``TrainingError``; the policy stays as it is.
  @discardableResult
  public func run(
    shouldStop: () -> Bool = { false },
    report: (EpochMetrics) throws -> Void
  ) throws -> Bool {
    defer { crew?.finish() }
    if epoch < settings.epochs { try resetEnvironments() }
    while epoch < settings.epochs {
      let learned = try crew.map { try runEpoch(of: $0, shouldStop: shouldStop) } ?? runEpoch(shouldStop: shouldStop)
      guard let metrics = learned else { return false }
      (epoch, updatesInEpoch) = (epoch + 1, 0)
      if isResetDue { try resetEnvironments() }
      let epochMetrics = EpochMetrics(
        epoch: epoch - 1, environmentSteps: environmentSteps, collector.tally,
        lesson: collector.curriculum.map { $0.state.lesson + 1 }, update: metrics)
      collector.beginEpoch()
      try report(epochMetrics)
    }
    return true
  }

  /// Runs what is left of an epoch, and returns what its last update was like; nil where it was stopped.
  private func runEpoch(shouldStop: () -> Bool) throws -> Metrics? {
    var metrics = Metrics()
    /// How many steps wait for an update that is made while the environments compute the next.
    var waitingSteps: Int?
    do {
      while updatesInEpoch < updatesPerEpoch {
        let isCollected = try collect(shouldStop: shouldStop) {
          if let steps = waitingSteps { metrics = try update(after: steps) }
          waitingSteps = nil
        }
        guard isCollected else {
          if let waitingSteps { _ = try update(after: waitingSteps) }
          return nil
        }
        let steps = collector.answeredSteps
        if agent.schedule.overlapsSteps, !isLastUpdate {
          waitingSteps = steps
        } else {
          metrics = try update(after: steps)
        }
      }
    } catch let error as TrainingError where error == .interrupted {
      return nil
    }
    return metrics
  }

  /// Makes the updates of an epoch that are left, by the gradients of workers; nil if it was stopped before.
  private func runEpoch(of crew: GradientCrew, shouldStop: () -> Bool) throws -> Metrics? {
    var metrics = Metrics()
    while updatesInEpoch < updatesPerEpoch {
      var tally = EpochTally()
      let update = try crew.update(
        progress: Double(epoch * updatesPerEpoch + updatesInEpoch) / Double(settings.epochs * updatesPerEpoch),
        steps: horizon, &tally, shouldStop: shouldStop)
      collector.add(tally)
      guard let update else { return nil }
      metrics = update.0
      environmentSteps += update.steps
      updatesInEpoch += 1
    }
    return metrics
  }

  private var isLastUpdate: Bool { updatesInEpoch == updatesPerEpoch - 1 }

  /// Lets the agent learn from so many steps.
  private func update(after steps: Int) throws -> Metrics {
    let metrics = try agent.update(
      progress: Double(epoch * updatesPerEpoch + updatesInEpoch) / Double(settings.epochs * updatesPerEpoch),
      isMeasured: isLastUpdate)
    environmentSteps += steps
    updatesInEpoch += 1
    try collector.resumeSteps()
    return metrics
  }

  /// Makes the steps for an update; `meanwhile` is called while the environments compute the first.
  private func collect(shouldStop: () -> Bool, meanwhile: () throws -> Void) throws -> Bool {
    if let firstAnswers {
      return try collector.collect(
        horizon, firstAnswers, shouldStop: shouldStop, meanwhile: meanwhile)
    }
    guard try collector.collect(horizon, shouldStop: shouldStop, meanwhile: meanwhile) else { return false }
    guard agent.schedule.finishesEpisodes else { return true }
    return try collector.finishEpisodes(limit: mostFurtherSteps, shouldStop: shouldStop)
  }

  /// How many steps are waited for the end of an episode: what the environment says of its own, but not beyond reason.
  private var mostFurtherSteps: Int {
    let reasonable = 10 * horizon + 10_000
    guard let limit = spec.maximumEpisodeSteps, limit > 0 else { return reasonable }
    return min(limit, max(reasonable, 1_000_000 / collector.environments))
  }

  /// Whether the next epoch begins with resets.
  private var isResetDue: Bool {
    guard epoch < settings.epochs else { return false }
    return settings[RunSettings.resetsEachEpoch] || agent.schedule.finishesEpisodes
  }

  /// Begins every episode anew, with seeds that depend on the run's seed, the epoch and the sub-environment alone.
  private func resetEnvironments() throws {
    var generator = RandomStream.environments.generator(settings.seed, UInt64(epoch))
    // 48 bits leave room for the number of the sub-environment below the protocol's limit of 2^53 - 1.
    let seed = generator.next() >> 16
    if let crew { try crew.reset(seed: seed) } else { try collector.reset(seed: seed) }
  }

  /// Counts from now on what actions are taken; whoever reads the counts begins them anew.
  public func countActions() throws(TrainingError) -> ActionHistograms {
    let histograms = try ActionHistograms(task.actionSpace)
    collector.histograms = histograms
    return histograms
  }

  /// What gives the agent episodes that were recorded of `count` sub-environments with these spaces.
  ///
  /// - Throws: ``TrainingError/unusableFile(what:reason:)`` where the run has other spaces.
  public func recordedExperience(
    of observationSpace: Space, _ actionSpace: Space, count: Int
  ) throws(TrainingError) -> RecordedExperience {
    try task.requireSpaces(observationSpace, actionSpace)
    return try RecordedExperience(agent, task, shaping: shaping, count: count)
  }

  /// What a policy file holds of the policy as it is now.
  public func snapshot() -> PolicySnapshot { agent.snapshot(environmentSteps: environmentSteps) }
}
