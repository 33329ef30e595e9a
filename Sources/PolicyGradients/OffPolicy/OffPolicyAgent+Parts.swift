import Environments
import NeuralNetworks

extension OffPolicyAgent {
  /// The algorithm's parts, the random numbers, the counts, the statistics, and the replay.
  public var parts: [Part] {
    var parts = algorithm.parts
    parts.append(.count("updates", get: { [self] in updates }, set: { [self] in updates = $0 }))
    parts.append(.count("steps taken in", get: { [self] in stepsTaken }, set: { [self] in stepsTaken = $0 }))
    parts.append(
      .generators("action noise") { [self] in
        noise
      } set: { [self] generators throws(TrainingError) in
        guard task.streams == 0 || generators.count == task.streams else {
          throw .unusablePart("action noise", "it is of \(generators.count) streams instead of \(task.streams)")
        }
        noise = generators
      })
    parts.append(
      .generators("replay order") { [self] in
        [experience.generator]
      } set: { [self] generators throws(TrainingError) in
        guard let generator = generators.first else { throw .unusablePart("replay order", "it is empty") }
        experience.generator = generator
      })
    if let observationStatistics { parts.append(observationStatistics) }
    if settings[OffPolicySettings.savesReplay] { parts.append(.file("replay", experience.replay)) }
    return parts
  }

  /// The statistics that observations are brought to scale by; nil where they are not.
  var observationStatistics: Part? {
    guard experience.normalizer != nil else { return nil }
    return .state("observation statistics") { [self] in
      experience.normalizer?.state ?? PartState()
    } set: { [self] state throws(TrainingError) in
      experience.normalizer = try ObservationNormalizer(state, width: task.observationWidth)
      livePolicy.normalizer = experience.normalizer
    }
  }

  /// Remembers the complete steps of an episode, as a stretch of its own.
  func remember(_ episode: SessionEpisode, lane: Int = 0) {
    guard episode.completeCount > 0 else { return }
    let (replay, width) = (experience.replay, task.observationWidth)
    let unit = Memory<Float>(count: units.width, filledWith: 0)
    func mask(_ step: Int) -> UnsafePointer<UInt8>? {
      task.maskWidth > 0 ? UnsafePointer(episode.masks.pointer + step * task.maskWidth) : nil
    }
    let unknown = Memory<Float>(count: distributionWidth, filledWith: .nan)
    func distribution(_ step: Int) -> UnsafePointer<Float> {
      let isOwn = episode.sources[step].isSampled
      return UnsafePointer(isOwn ? episode.distributions.pointer + step * distributionWidth : unknown.pointer)
    }
    replay.begin(lane: lane, episode.observations.pointer, mask: mask(0))
    for step in 0..<episode.completeCount {
      units.decode(episode.actions.pointer + step * units.width, rows: 1, into: unit.pointer)
      // A session that goes on is cut at its latest observation, and bootstrapped from there.
      let isLast = step == episode.completeCount - 1
      let end: EpisodeEnd = isLast ? (episode.end == .none ? .truncated : episode.end) : .none
      replay.record(
        lane: lane, action: unit.pointer, reward: episode.rewards[step], end: end,
        next: episode.observations.pointer + (step + 1) * width,
        nextMask: isLast && episode.end != .none ? nil : mask(step + 1), distribution: distribution(step))
    }
    withExtendedLifetime(unknown) {}
    experience.normalizer?.observe(episode.observations.pointer, rows: episode.completeCount)
  }
}

extension ReplayBuffer: FilePart {}
