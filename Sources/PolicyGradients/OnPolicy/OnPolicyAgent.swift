import Environments
import NeuralNetworks

/// An agent that learns from what its policy does as it is, and then forgets it.
public final class OnPolicyAgent: Agent {
  /// When updates come.
  public let schedule: UpdateSchedule
  /// The policy, the value function and their steps.
  public let learner: Learner

  let task: AgentTask
  /// How it learns from a batch.
  public let algorithm: any OnPolicyAlgorithm
  let batch: RolloutBuffer
  // One thread at a time uses it, so the fields need no checks for overlapping accesses.
  /// The streams of action noise.
  @exclusivity(unchecked) var noise: [PCG64]
  @exclusivity(unchecked) var normalizer: ObservationNormalizer?
  var rewardScaler: RewardScaler?
  let imitation: Imitation?
  /// What is going wrong with what it learns.
  public private(set) var concern: String?
  private let seed: UInt64
  private let settings: SettingValues
  let backup: ParameterBackup
  let workspace = PolicyWorkspace()
  let livePolicy: NetworkPolicy
  /// An observation of a session as the networks see it.
  private let observation: Memory<Float>
  /// How many steps of each stream are in the batch: begun, and complete.
  @exclusivity(unchecked) var begun: [Int]
  @exclusivity(unchecked) var complete: [Int]
  /// The actions that outlast an update; nil where none has yet.
  @exclusivity(unchecked) var outlasting: OutlastingActions?
  /// How many steps of each stream an update waits for.
  private var horizon: Int
  @exclusivity(unchecked) private var isFrozen = false

  init(
    _ settings: SettingValues, for task: AgentTask, _ method: any OnPolicyAlgorithm.Type
  ) throws(TrainingError) {
    (self.settings, self.task, seed) = (settings, task, settings.seed)
    schedule = OnPolicySettings.schedule(settings)
    let streams = max(1, task.streams)
    // A batch of one version of the policy records the distributions; what sessions bring may be of several.
    let distributionWidth = task.streams > 0 ? task.distribution.parameterCount : 0
    horizon = schedule.horizon(streams: streams)
    try schedule.requireMemory(rows: horizon * streams, task)

    var generator = RandomStream.initialization.generator(settings.seed)
    learner = try Learner(settings, for: task, learnsValue: method.learnsValue, generator: &generator)
    algorithm = method.init(settings, learner)
    imitation = Imitation(settings, learner.policy, task)
    livePolicy = try NetworkPolicy(learner.policy, learner.value, task)
    normalizer =
      settings[OnPolicySettings.normalizesObservations] ? ObservationNormalizer(width: task.observationWidth) : nil
    rewardScaler = settings[OnPolicySettings.scalesRewards] ? RewardScaler(environments: task.streams) : nil
    let seed = settings.seed
    noise = (0..<task.streams).map { RandomStream.actions.generator(seed, UInt64($0)) }
    (begun, complete) = (Array(repeating: 0, count: streams), Array(repeating: 0, count: streams))
    observation = Memory(count: task.observationWidth, filledWith: 0)
    batch = RolloutBuffer(
      environments: streams, observationWidth: task.observationWidth, actionWidth: task.actionWidth,
      maskWidth: task.maskWidth, distributionWidth: distributionWidth, steps: horizon)
    backup = ParameterBackup(
      learner.parts.compactMap(\.parameters),
      [learner.policyOptimizer, learner.valueOptimizer, imitation?.optimizer].compactMap { $0 })
  }

  /// How many updates have been made.
  public var updates: Int { learner.updates }

  /// The policy as it is at any time.
  public var policy: any Policy { livePolicy }

  /// What a policy file holds.
  public func snapshot(environmentSteps: Int) -> PolicySnapshot {
    PolicySnapshot(learner, settings, task, environmentSteps: environmentSteps, normalizer: normalizer)
  }

  // MARK: Stepping together

  /// Forgets a batch that has been begun, and the running returns that rewards are scaled by.
  public func beginEpisodes() {
    rewardScaler?.reset()
    beginBatch()
  }

  /// Makes acting faster until the next update.
  func freeze() {
    guard !isFrozen else { return }
    learner.policy.freeze()
    isFrozen = true
  }

  /// Lets the policy change.
  func thaw() {
    learner.policy.thaw()
    isFrozen = false
  }

  /// Forgets a batch that has been begun; the next one will have so many steps of each stream.
  func beginBatch(steps: Int) {
    horizon = steps
    beginBatch()
  }

  private func beginBatch() {
    batch.removeAll()
    for stream in begun.indices { (begun[stream], complete[stream]) = (0, 0) }
  }

  /// Draws an action for each stream, from the stream's own random numbers.
  public func act(
    _ streams: Range<Int>, on raw: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?
  ) throws(TrainingError) -> UnsafePointer<Float> {
    let (rows, distribution) = (streams.count, task.distribution)
    let first = try beginStep(streams, on: raw, masks: masks)
    freeze()
    let parameters = learner.policy.forward(batch.observations + first * batch.observationWidth, rows: rows, workspace)
    if let masks, batch.maskWidth > 0 {
      for row in 0..<rows {
        let mask = masks + row * batch.maskWidth
        guard distribution.apply(mask: mask, to: parameters + row * distribution.parameterCount) else {
          throw .unusableMask(
            environment: streams.lowerBound + row, reason: "of some part of the action it forbids every choice")
        }
      }
    }
    (batch.distributions + first * batch.distributionWidth).update(
      from: parameters, count: rows * batch.distributionWidth)
    let actions = batch.actions + first * batch.actionWidth
    noise.withUnsafeMutableBufferPointer { noise in
      guard let start = noise.baseAddress else { return }
      distribution.sample(consuming: parameters, rows: rows, using: start + streams.lowerBound, into: actions)
    }
    return UnsafePointer(actions)
  }

  /// Records what some streams see, as the networks see it, and returns the first row of the step that begins.
  func beginStep(
    _ streams: Range<Int>, on raw: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?
  ) throws(TrainingError) -> Int {
    let rows = streams.count
    let step = begun[streams.lowerBound]
    for stream in streams { begun[stream] += 1 }
    if step * task.streams >= batch.rewardMemory.count {
      try schedule.requireMemory(rows: 2 * step * task.streams, task)
      batch.reserve(steps: 2 * step)
    }
    let first = step * task.streams + streams.lowerBound
    let observations = batch.observations + first * batch.observationWidth
    observations.update(from: raw, count: rows * batch.observationWidth)
    normalizer?.observe(observations, rows: rows)
    normalizer?.apply(observations, rows: rows)
    if outlasting != nil { (batch.sources + first).update(repeating: .policy, count: rows) }
    if let masks, batch.maskWidth > 0 {
      (batch.masks + first * batch.maskWidth).update(from: masks, count: rows * batch.maskWidth)
    }
    return first
  }

  /// The first row of the step that some streams have begun last.
  func latestRow(_ streams: Range<Int>) -> Int {
    (begun[streams.lowerBound] - 1) * task.streams + streams.lowerBound
  }

  /// Normalises the distributions that have been recorded, which learning needs.
  public func actionsAreUnderWay(_ streams: Range<Int>) {
    let first = latestRow(streams)
    task.distribution.normalize(batch.distributions + first * batch.distributionWidth, rows: streams.count)
  }

  /// Records what came of the actions.
  public func takeIn(_ transitions: Transitions) throws(TrainingError) {
    let streams = transitions.streams
    let step = complete[streams.lowerBound]
    for stream in streams { complete[stream] += 1 }
    let first = step * task.streams + streams.lowerBound
    let (rewards, times, ends) = (batch.rewards + first, batch.times + first, batch.ends + first)
    for row in 0..<streams.count {
      rewards[row] = Float(transitions.rewards[row])
      times[row] = Int32(truncatingIfNeeded: transitions.times[row])
      ends[row] = transitions.end(row)
      guard ends[row] == .truncated else { continue }
      let target = batch.appendFinalObservation(ofRow: first + row)
      target.update(from: try transitions.nextObservation(row), count: batch.observationWidth)
      normalizer?.apply(target, rows: 1)
    }
    for row in transitions.lostRows { batch.lose(row: first + row) }
    // The step that turns out to be the last of the batch bootstraps from these.
    guard step + 1 >= horizon else { return }
    cut(streams, at: transitions.observations)
  }

  /// Records what the last steps of the batch bootstrap from.
  public func cut(_ streams: Range<Int>, at observations: UnsafePointer<Float>) {
    let last = batch.lastObservations + streams.lowerBound * batch.observationWidth
    last.update(from: observations, count: streams.count * batch.observationWidth)
    normalizer?.apply(last, rows: streams.count)
  }

  /// How many steps of each stream belong to episodes that had begun when the batch was long enough.
  private var wholeEpisodes: [Int] {
    return (0..<task.streams).map { stream in
      (horizon - 1..<batch.steps).first { batch.ends[$0 * task.streams + stream] != .none }.map { $0 + 1 }
        ?? batch.steps
    }
  }

  // MARK: Sessions

  /// Throws for an observation that the networks give no finite numbers for.
  public func look(at raw: UnsafePointer<Float>) throws(PolicyError) { _ = try judge(raw) }

  private func judge(
    _ raw: UnsafePointer<Float>
  ) throws(PolicyError) -> (parameters: UnsafeMutablePointer<Float>, value: Float) {
    observation.pointer.update(from: raw, count: task.observationWidth)
    normalizer?.apply(observation.pointer, rows: 1)
    let parameters = learner.policy.forward(observation.pointer, rows: 1, workspace)
    var value: Float = 0
    learner.value?.evaluate(observation.pointer, rows: 1, into: &value)
    for index in 0..<task.distribution.parameterCount where !parameters[index].isFinite { value = .nan }
    guard value.isFinite else {
      throw .unusableObservation(row: 0, reason: "it is so large that the networks do not give finite numbers")
    }
    return (parameters, value)
  }

  /// Chooses an action for one session, or judges one.
  public func decide(
    _ stream: Int, on observation: UnsafePointer<Float>, mask: UnsafePointer<UInt8>?, choice: ActionChoice?,
    action: UnsafeMutablePointer<Float>
  ) throws(PolicyError) -> ActionEstimate {
    let (parameters, value) = try judge(observation)
    let distribution = task.distribution
    if let mask { _ = distribution.apply(mask: mask, to: parameters) }
    for index in noise.count..<max(stream + 1, noise.count) {
      noise.append(RandomStream.actions.generator(seed, UInt64(index)))
    }
    switch choice {
    case nil: break
    case .greedy: distribution.mode(parameters, into: action)
    case .sampled(nil): distribution.sample(parameters, using: &noise[stream], into: action)
    case .sampled(let seed?):
      var generator = PCG64(seed: seed)
      distribution.sample(parameters, using: &generator, into: action)
    }
    return ActionEstimate(
      logProbability: distribution.logProbability(parameters, of: action), value: learner.value == nil ? nil : value)
  }

  /// Adds a piece of an episode to the batch.
  public func takeIn(_ episode: SessionEpisode) {
    let (first, firstFinal) = (batch.rows, batch.finalRows.count)
    batch.append(episode, version: updates)
    let added = batch.rows - first
    let observations = batch.observations + first * batch.observationWidth
    normalizer?.observe(observations, rows: added)
    normalizer?.apply(observations, rows: added)
    let finals = batch.finalObservationMemory.pointer + firstFinal * batch.observationWidth
    normalizer?.apply(finals, rows: batch.finalRows.count - firstFinal)
    guard rewardScaler != nil else { return }
    for row in first..<batch.rows {
      episode.discountedReturn =
        rewardScaler?.takeIn(batch.rewards[row], after: episode.discountedReturn, discount: algorithm.discount) ?? 0
    }
  }

  // MARK: Learning

  /// Learns from the batch, and forgets it.
  public func update(progress: Double, isMeasured: Bool) throws(TrainingError) -> Metrics {
    let before = (normalizer, rewardScaler, learner.generator, algorithm.parts.map { ($0, $0.state()) })
    if task.streams > 0 {
      batch.steps = complete.max() ?? 0
      if complete.contains(where: { $0 < batch.steps }) { batch.recordedSteps = complete }
      if schedule.finishesEpisodes { batch.usedSteps = wholeEpisodes }
      rewardScaler?.apply(batch, discount: algorithm.discount)
      batch.cutShorterColumns()
      keepActionsUnderWay()
    } else {
      rewardScaler?.scale(batch.rewards, count: batch.rows)
    }
    normalizer?.takeIn()
    livePolicy.normalizer = normalizer
    thaw()
    defer { beginBatch() }
    var metrics = Metrics(isRecording: isMeasured)
    learner.setRates(progress: progress, &metrics)
    backup.take()
    do throws(TrainingError) {
      // One step of a single environment may be all that a batch has, and lost.
      if batch.lostRows.count < batch.recordedRows { try algorithm.update(batch, &metrics) }
      try imitation?.learn(batch, learner.policy, progress: progress)
      try learner.requireTime()
      guard backup.isFinite else { throw .diverged(quantity: "greatest weight", update: updates) }
    } catch {
      backup.restore()
      (normalizer, rewardScaler, learner.generator) = (before.0, before.1, before.2)
      livePolicy.normalizer = normalizer
      for (part, state) in before.3 { try part.restore(state) }
      throw error
    }
    learner.updates += 1
    if let sigma = metrics["max_sigma"] { judge(sigma: sigma) }
    return metrics
  }

  /// Notes when σ has grown so much that actions are little more than noise, from which policies seldom come back.
  private func judge(sigma: Double) {
    let first = Double(exponential(Float(settings[NetworkSettings.initialLogSigma])))
    concern =
      sigma > 30 * first
      ? "the deviation σ of its actions has grown from \(first) to \(sigma), so that they are little more than noise; "
        + "lower --\(OptimizationSettings.policyLearningRate.name), or let the learning rates fall with "
        + "--\(OptimizationSettings.learningRateDecay.name) linear" : nil
  }
}

extension UpdateSchedule {
  /// Refuses a batch that this machine has no memory for.
  fileprivate func requireMemory(rows: Int, _ task: AgentTask) throws(TrainingError) {
    let bytes = RolloutBuffer.byteCount(
      rows: rows, observationWidth: task.observationWidth, actionWidth: task.actionWidth, maskWidth: task.maskWidth,
      distributionWidth: task.distribution.parameterCount)
    let streams = max(1, task.streams)
    let (setting, value) =
      minimumHorizon > stepsPerUpdate / streams
      ? (OnPolicySettings.minimumHorizon, minimumHorizon) : (RunSettings.stepsPerEpoch, stepsPerEpoch)
    try MemoryBudget.require(bytes, for: "a batch of \(rows) steps", setting.name, value: "\(value)")
  }
}
