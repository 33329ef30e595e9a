import Environments
import NeuralNetworks

extension OffPolicyAgent: DistributedAgent {
  /// What is remembered is of many versions anyway.
  public var mixesVersions: Bool { true }

  /// The policy, the statistics that bring observations to scale, and how far the steps at random have come.
  public var policyParts: [Part] {
    [
      .parameters("policy", algorithm.network.parameters),
      .count("steps taken in", get: { [self] in stepsTaken }, set: { [self] in stepsTaken = $0 }),
    ] + [observationStatistics].compactMap { $0 }
  }

  /// The action noise.
  ///
  /// What hangs together within an episode stays where the episode is.
  public func streamParts(_ streams: Range<Int>) -> [Part] {
    [.actionNoise(of: streams, get: { [self] in noise }, replace: { [self] in noise.replaceSubrange($0, with: $1) })]
  }

  /// An episode may go on from the order before.
  public func beginRollout() {}

  /// The next step of the stream is the first of an episode.
  public func endEpisode(_ stream: Int) { needsBegin[stream] = true }

  /// The actions in units, and what they were drawn from where the replay keeps that.
  public func drawn(_ streams: Range<Int>) -> UnsafeBufferPointer<Float> {
    let (width, further) = (units.width, distributionWidth)
    for (row, stream) in streams.enumerated() {
      let target = drawnNumbers.pointer + row * (width + further)
      target.update(from: chosen.pointer + stream * width, count: width)
      (target + width).update(from: distributions.pointer + stream * further, count: further)
    }
    return UnsafeBufferPointer(start: drawnNumbers.pointer, count: streams.count * (width + further))
  }

  /// Remembers what a copy saw and did.
  public func record(
    _ streams: Range<Int>, on observations: UnsafePointer<Float>, masks: UnsafePointer<UInt8>?,
    actions: UnsafePointer<Float>, drawn: UnsafeBufferPointer<Float>, version: Int
  ) throws(TrainingError) {
    let (width, further) = (units.width, distributionWidth)
    guard drawn.isEmpty || drawn.count == streams.count * (width + further) else {
      throw .unusablePart(
        "actions", "they have \(drawn.count) numbers instead of \(streams.count * (width + further))",
        of: "state that was sent")
    }
    try remember(streams, observations, masks)
    staleness.noteChoice(streams, version: version)
    // A step that was lost has none, and nothing is taken in of it.
    guard let start = drawn.baseAddress, !drawn.isEmpty else { return }
    for (row, stream) in streams.enumerated() {
      let source = start + row * (width + further)
      (chosen.pointer + stream * width).update(from: source, count: width)
      (distributions.pointer + stream * further).update(from: source + width, count: further)
    }
  }
}
