import Environments
import NeuralNetworks

/// An agent that remembers what happens, and learns from all of it again and again.
public final class OffPolicyAgent: Agent {
  /// When updates come.
  public let schedule: UpdateSchedule
  /// How many updates have been made, those of the steps at random included.
  public internal(set) var updates = 0

  let task: AgentTask
  let algorithm: any OffPolicyAlgorithm
  let experience: Experience
  let settings: SettingValues
  let units: ActionUnits
  let livePolicy: ActorPolicy
  /// The streams of random numbers that actions are made from.
  var noise: [PCG64]
  /// How many steps have been taken in, over the whole run.
  var stepsTaken = 0
  /// How many steps are made at random before anything is learned.
  private let learningStarts: Int
  private let activations = Activations()
  private let inputs = Memory<Float>(filledWith: 0)
  /// The latest action of each stream, in units and in the space's numbers.
  let chosen = Memory<Float>(filledWith: 0)
  private let actions = Memory<Float>(filledWith: 0)
  /// What the latest action of each stream was drawn from, where the replay keeps it.
  let distributions = Memory<Float>(filledWith: 0)
  /// How old the policy was that has chosen them.
  var staleness: Staleness
  /// Both of the above for some streams, on their way from a copy.
  let drawnNumbers = Memory<Float>(filledWith: 0)
  var needsBegin: [Bool]
  /// How many recorded steps each lane has been given.
  private var recalledSteps: [Int]
  private let backup: ParameterBackup
  private var updatesSinceBackup = 0

  // A copy of every network costs as much as a good part of a step of a small one. A loss that is not finite stops a run
  // before its step is taken, so that what is put back was right, and at most so many updates old.
  private static let updatesBetweenBackups = 100

  init(
    _ settings: SettingValues, for task: AgentTask,
    _ method: (ActionUnits) -> any OffPolicyAlgorithm.Type
  ) throws(TrainingError) {
    (self.settings, self.task) = (settings, task)
    units = try ActionUnits(task.actionSpace, task.distribution)
    schedule = UpdateSchedule(
      stepsPerEpoch: settings[RunSettings.stepsPerEpoch],
      stepsPerUpdate: settings[OffPolicySettings.stepsPerUpdate, or: 1],
      minimumHorizon: settings[OffPolicySettings.trajectoryLength, or: 1],
      overlapsSteps: settings[OffPolicySettings.overlapsSteps])
    learningStarts = settings[OffPolicySettings.learningStarts, or: 0]
    let method = method(units)
    let lanes = max(1, task.streams)
    let layout = ReplayLayout(
      capacity: task.isCopy ? 0 : settings[OffPolicySettings.replaySize], lanes: lanes,
      observationWidth: task.observationWidth, hasByteObservations: try task.hasByteObservations,
      actionWidth: units.width, choices: units.choices, maskWidth: task.maskWidth,
      distributionWidth: method.distributionWidth(units))
    try MemoryBudget.require(
      layout.bytes.map(Double.init) ?? .infinity, for: "the replay", OffPolicySettings.replaySize.name,
      value: "\(settings[OffPolicySettings.replaySize])")
    let replay = try ReplayBuffer(layout, isPrioritized: settings[OffPolicySettings.isPrioritized, or: false])
    let normalizer =
      settings[OnPolicySettings.normalizesObservations] ? ObservationNormalizer(width: task.observationWidth) : nil
    let seed = settings.seed
    experience = Experience(
      replay, settings, generator: RandomStream.minibatches.generator(seed), normalizer: normalizer,
      isInterrupted: task.isInterrupted)
    noise = (0..<task.streams).map { RandomStream.actions.generator(seed, UInt64($0)) }
    needsBegin = Array(repeating: true, count: lanes)
    staleness = Staleness(streams: lanes)
    recalledSteps = Array(repeating: 0, count: lanes)
    var generator = RandomStream.initialization.generator(seed)
    do {
      algorithm = try method.init(
        settings,
        OffPolicyTask(
          observationWidth: task.observationWidth, units: units, maskWidth: task.maskWidth,
          helper: task.usesHelperThread ? HelperThread() : nil),
        generator: &generator)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw .unusableSizes(settings[NetworkSettings.hiddenSizes], error)
    }
    livePolicy = try ActorPolicy(
      algorithm.network, algorithm.head, observationSpace: task.observationSpace, actionSpace: task.actionSpace,
      task.wrappers)
    backup = ParameterBackup(algorithm.parts.compactMap(\.parameters))
    inputs.reserve(lanes * algorithm.network.inputSize)
    chosen.reserve(lanes * units.width)
    actions.reserve(lanes * units.width)
    distributions.reserve(lanes * layout.distributionWidth)
    drawnNumbers.reserve(lanes * (units.width + layout.distributionWidth))
    backup.take()
  }

  /// What the replay keeps of what each action was drawn from.
  public var distributionWidth: Int { experience.replay.layout.distributionWidth }

  /// The policy as it is at any time.
  public var policy: any Policy { livePolicy }

  /// What a policy file holds.
  public func snapshot(environmentSteps: Int) -> PolicySnapshot {
    PolicySnapshot(
      algorithm.network, algorithm.head, settings, task, environmentSteps: environmentSteps,
      normalizer: experience.normalizer)
  }

  /// Whether actions are still drawn evenly from all.
  private var isWarmingUp: Bool { stepsTaken < learningStarts }

  // MARK: Stepping together

  /// Every stream begins an episode; what is remembered stays.
  public func beginEpisodes() {
    for stream in needsBegin.indices { needsBegin[stream] = true }
  }

  /// Remembers what each stream sees, and chooses what it does.
  public func act(
    _ streams: Range<Int>, on observations: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?
  ) throws(TrainingError) -> UnsafePointer<Float> {
    let (rows, width) = (streams.count, units.width)
    try remember(streams, observations, masks)
    staleness.noteChoice(streams, version: updates)
    let first = chosen.pointer + streams.lowerBound * width
    if isWarmingUp {
      for (row, stream) in streams.enumerated() {
        units.drawEvenly(
          mask: masks.map { $0 + row * task.maskWidth }, using: &noise[stream], into: first + row * width)
      }
    } else {
      let outputs = forward(observations, streams)
      for (row, stream) in streams.enumerated() {
        let z = outputs + row * algorithm.head.outputs
        if let masks, task.maskWidth > 0 { algorithm.head.apply(mask: masks + row * task.maskWidth, to: z) }
        (distributions.pointer + stream * distributionWidth).update(from: z, count: distributionWidth)
        algorithm.head.sample(z, using: &noise[stream], into: first + row * width)
        algorithm.explore(first + row * width, stream: stream, using: &noise[stream])
      }
    }
    let target = actions.pointer + streams.lowerBound * width
    units.encode(first, rows: rows, into: target)
    return UnsafePointer(target)
  }

  func remember(
    _ streams: Range<Int>, _ observations: UnsafePointer<Float>, _ masks: UnsafePointer<UInt8>?
  ) throws(TrainingError) {
    let replay = experience.replay
    for (row, stream) in streams.enumerated() {
      let mask = task.maskWidth > 0 ? masks.map { $0 + row * task.maskWidth } : nil
      if let mask, !(0..<task.maskWidth).contains(where: { mask[$0] != 0 }) {
        throw .unusableMask(environment: stream, reason: "it forbids every choice")
      }
      if needsBegin[stream] {
        replay.begin(lane: stream, observations + row * task.observationWidth, mask: mask)
        algorithm.beginEpisode(stream: stream)
        needsBegin[stream] = false
      } else if let mask {
        replay.setLatestMask(lane: stream, mask)
      }
    }
    experience.normalizer?.observe(observations, rows: streams.count)
  }

  /// The network's outputs for some streams' observations.
  private func forward(_ observations: UnsafePointer<Float>, _ streams: Range<Int>) -> UnsafeMutablePointer<Float> {
    let (width, inputWidth) = (task.observationWidth, algorithm.network.inputSize)
    inputs.reserve(streams.count * inputWidth)
    for (row, stream) in streams.enumerated() {
      let input = inputs.pointer + row * inputWidth
      input.update(from: observations + row * width, count: width)
      experience.normalizer?.apply(input, rows: 1)
      for index in width..<inputWidth { input[index] = Float(noise[stream].normal()) }
    }
    return algorithm.network.forward(inputs.pointer, rows: streams.count, activations)
  }

  /// Remembers what came of the actions.
  public func takeIn(_ transitions: Transitions) throws(TrainingError) {
    let (streams, lostRows) = (transitions.streams, transitions.lostRows)
    for (row, stream) in streams.enumerated() {
      if !lostRows.isEmpty, lostRows.contains(row) {
        // The replay cuts the episode at the observation that waits for its action.
        needsBegin[stream] = true
        continue
      }
      let end = transitions.end(row)
      experience.replay.record(
        lane: stream, action: chosen.pointer + stream * units.width, reward: Float(transitions.rewards[row]), end: end,
        next: try transitions.nextObservation(row),
        distribution: distributions.pointer + stream * distributionWidth)
      experience.noteFresh(1, lane: stream)
      staleness.noteStep(stream, version: updates)
      if end != .none { needsBegin[stream] = true }
    }
  }

  // MARK: Sessions

  /// Throws for an observation that the policy gives no finite numbers for.
  public func look(at observation: UnsafePointer<Float>) throws(PolicyError) { _ = try judge(0, observation) }

  private func judge(
    _ stream: Int, _ observation: UnsafePointer<Float>
  ) throws(PolicyError) -> UnsafeMutablePointer<Float> {
    for index in noise.count..<max(stream + 1, noise.count) {
      noise.append(RandomStream.actions.generator(settings.seed, UInt64(index)))
    }
    let outputs = forward(observation, stream..<stream + 1)
    guard (0..<algorithm.head.outputs).allSatisfy({ outputs[$0].isFinite }) else {
      throw .unusableObservation(row: 0, reason: "it is so large that the networks do not give finite numbers")
    }
    return outputs
  }

  /// Chooses an action for one session, or judges one.
  public func decide(
    _ stream: Int, on observation: UnsafePointer<Float>, mask: UnsafePointer<UInt8>?, choice: ActionChoice?,
    action: UnsafeMutablePointer<Float>
  ) throws(PolicyError) -> ActionEstimate {
    let outputs = try judge(stream, observation)
    if let mask { algorithm.head.apply(mask: mask, to: outputs) }
    let unit = chosen.pointer
    switch choice {
    case nil: units.decode(action, rows: 1, into: unit)
    case .greedy: algorithm.head.greedy(outputs, into: unit)
    case .sampled(nil): sample(outputs, stream, mask, using: &noise[stream], into: unit)
    case .sampled(let seed?):
      var generator = PCG64(seed: seed)
      sample(outputs, stream, mask, using: &generator, into: unit)
    }
    if choice != nil { units.encode(unit, rows: 1, into: action) }
    let logarithm = algorithm.head.logProbability(outputs, of: unit)
    return ActionEstimate(
      logProbability: logarithm.map { $0 - units.logVolume }, value: nil,
      distribution: distributionWidth > 0 ? UnsafePointer(outputs) : nil)
  }

  private func sample(
    _ outputs: UnsafePointer<Float>, _ stream: Int, _ mask: UnsafePointer<UInt8>?, using generator: inout PCG64,
    into unit: UnsafeMutablePointer<Float>
  ) {
    if isWarmingUp { return units.drawEvenly(mask: mask, using: &generator, into: unit) }
    algorithm.head.sample(outputs, using: &generator, into: unit)
    algorithm.explore(unit, stream: stream, using: &generator)
  }

  /// Remembers the complete steps of a session that no update has used; what others chose is as good as its own choices.
  public func takeIn(_ episode: SessionEpisode) {
    remember(episode)
    experience.noteFresh(episode.completeCount, lane: 0)
    for step in 0..<episode.completeCount { staleness.note(episode.versions[step], version: updates) }
  }

  /// Remembers what was recorded elsewhere.
  ///
  /// It counts for `learning-starts`; the updates of a run come for its own steps.
  public func recall(_ episode: SessionEpisode) {
    // Spread over the lanes, since each forgets its oldest.
    let lane = recalledSteps.indices.min { recalledSteps[$0] < recalledSteps[$1] } ?? 0
    remember(episode, lane: lane)
    recalledSteps[lane] += episode.completeCount
    stepsTaken += episode.completeCount
  }

  // MARK: Learning

  /// Makes the gradient steps that are due, or fewer where it is interrupted: each of them is whole.
  public func update(progress: Double, isMeasured: Bool) throws(TrainingError) -> Metrics {
    let fresh = experience.freshSteps
    stepsTaken += fresh
    defer { experience.forgetFresh() }
    updates += 1
    experience.progress = progress
    if experience.normalizer != nil {
      experience.normalizer?.takeIn()
      livePolicy.normalizer = experience.normalizer
    }
    var metrics = Metrics(isRecording: isMeasured)
    if isMeasured { (metrics["policy_version"], metrics["staleness"]) = (Double(updates), staleness.take()) }
    // A run that goes on without its replay fills it first, acting as it has learned to.
    let enough = min(learningStarts, settings[OffPolicySettings.replaySize] / 2)
    guard !isWarmingUp, experience.replay.count >= max(enough, 1) else { return metrics }
    let steps = settings[OffPolicySettings.gradientSteps, or: 1]
    algorithm.setRates(factor: settings[OptimizationSettings.learningRateDecay].factor(progress: progress))
    do throws(TrainingError) {
      for _ in 0..<(steps > 0 ? steps : fresh) where !task.isInterrupted() {
        try algorithm.update(experience, &metrics)
      }
      updatesSinceBackup += 1
      if updatesSinceBackup >= Self.updatesBetweenBackups {
        guard backup.isFinite else { throw .diverged(quantity: "greatest weight", update: updates) }
        backup.take()
        updatesSinceBackup = 0
      }
    } catch {
      backup.restore()
      if case .diverged(let quantity, _) = error { throw .diverged(quantity: quantity, update: updates) }
      throw error
    }
    return metrics
  }
}
