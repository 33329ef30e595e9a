import Environments

extension OnPolicyAgent: DistributedAgent {
  /// The policy, and the statistics that bring observations to scale.
  public var policyParts: [Part] {
    let parameters = Part.parameters("policy", learner.policy.parameters)
    let policy = Part.state(parameters.name, get: parameters.state) { [self] state throws(TrainingError) in
      try parameters.restore(state)
      thaw()
    }
    return [policy] + [observationStatistics].compactMap { $0 }
  }

  /// A batch is of one version.
  public var mixesVersions: Bool { false }

  /// Forgets what was done for the order before.
  public func beginRollout() { beginEpisodes() }

  /// Nothing depends on where an episode has begun.
  public func endEpisode(_ stream: Int) {}

  /// The action noise.
  public func streamParts(_ streams: Range<Int>) -> [Part] {
    [.actionNoise(of: streams, get: { [self] in noise }, replace: { [self] in noise.replaceSubrange($0, with: $1) })]
  }

  /// The normalised parameters of the distributions that the actions were drawn from.
  public func drawn(_ streams: Range<Int>) -> UnsafeBufferPointer<Float> {
    let width = batch.distributionWidth
    return UnsafeBufferPointer(
      start: batch.distributions + latestRow(streams) * width, count: streams.count * width)
  }

  /// Records what a copy saw and did.
  public func record(
    _ streams: Range<Int>, on raw: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?, actions: UnsafePointer<Float>,
    drawn: UnsafeBufferPointer<Float>, version: Int
  ) throws(TrainingError) {
    let width = batch.distributionWidth
    guard drawn.isEmpty || drawn.count == streams.count * width else {
      throw .unusablePart(
        "distributions", "they have \(drawn.count) numbers instead of \(streams.count * width)",
        of: "state that was sent")
    }
    let first = try beginStep(streams, on: raw, masks: masks)
    (batch.actions + first * batch.actionWidth).update(from: actions, count: streams.count * batch.actionWidth)
    // A step that was lost has none, and its row goes before anything is learned.
    (batch.distributions + first * width).update(repeating: 0, count: streams.count * width)
    if let start = drawn.baseAddress { (batch.distributions + first * width).update(from: start, count: drawn.count) }
  }
}
