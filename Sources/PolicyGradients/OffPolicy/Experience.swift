import Environments

/// What an off-policy algorithm learns from: a replay, and how transitions are drawn from it.
final class Experience {
  /// Everything that is remembered.
  let replay: ReplayBuffer
  /// The order in which transitions are drawn.
  var generator: PCG64
  /// The statistics that observations are brought to scale by, as they are now.
  var normalizer: ObservationNormalizer?
  /// How much of the run is over, from 0 to 1.
  var progress = 0.0
  /// How many steps of each lane have been remembered that no update has seen.
  private var freshStepsOfLane: [Int]

  /// The stretches of fresh steps that have not been taken, the next one last.
  private var fresh: [Trajectory] = []
  private let sample = ReplaySample()
  private let batchSize: Int
  private let steps: Int
  private let discount: Double
  private let correction: Double
  private let isInterrupted: @Sendable () -> Bool

  init(
    _ replay: ReplayBuffer, _ settings: SettingValues, generator: PCG64, normalizer: ObservationNormalizer?,
    isInterrupted: @escaping @Sendable () -> Bool
  ) {
    (self.replay, self.generator, self.normalizer) = (replay, generator, normalizer)
    freshStepsOfLane = Array(repeating: 0, count: replay.layout.lanes)
    self.isInterrupted = isInterrupted
    batchSize = settings[OffPolicySettings.batchSize]
    steps = settings[OffPolicySettings.steps, or: 1]
    discount = settings[OffPolicySettings.discount]
    correction = settings[OffPolicySettings.priorityCorrection, or: 1]
  }

  /// How many steps have been remembered that no update has seen.
  var freshSteps: Int { freshStepsOfLane.reduce(0, +) }

  /// Notes steps that no update has seen.
  func noteFresh(_ steps: Int, lane: Int) { freshStepsOfLane[lane] += steps }

  /// Notes that an update has seen them all.
  func forgetFresh() {
    for lane in freshStepsOfLane.indices { freshStepsOfLane[lane] = 0 }
  }

  /// Draws the transitions of one gradient step, normalised; valid until the next draw.
  func draw() -> ReplaySample {
    if replay.priorities == nil {
      replay.sample(batchSize, steps: steps, discount: discount, into: sample, using: &generator)
    } else {
      replay.samplePrioritized(
        batchSize, steps: steps, discount: discount, importance: correction + progress * (1 - correction), into: sample,
        using: &generator)
    }
    normalizer?.apply(sample.observations, rows: sample.rows)
    normalizer?.apply(sample.nextObservations, rows: sample.rows)
    return sample
  }

  /// Learns from the steps that no update has seen, and again and again from the replay.
  ///
  /// It ends early where it is interrupted, between two calls of `learn`.
  ///
  /// - Parameters:
  ///   - length: the most transitions of a stretch.
  ///   - ratio: how many batches of the replay come after each batch of fresh steps, in the mean: their number is Poisson's.
  ///   - batch: holds what the next call of `learn` is about.
  func visitFreshAndReplayed(
    length: Int, ratio: Double, in batch: TrajectoryBatch, _ learn: () throws(TrainingError) -> Void
  ) throws(TrainingError) {
    findFresh(length: length)
    while !isInterrupted(), takeFresh(into: batch) {
      try learn()
      for _ in 0..<generator.poisson(mean: ratio) {
        if isInterrupted() { return }
        drawTrajectories(length: length, into: batch)
        try learn()
      }
    }
  }

  /// Looks for the steps that no update has seen, in stretches of at most `length`, which ``takeFresh(into:)`` hands out.
  private func findFresh(length: Int) {
    fresh.removeAll(keepingCapacity: true)
    for (lane, count) in freshStepsOfLane.enumerated() {
      replay.visitLatestTrajectories(lane: lane, count: count, length: length) { fresh.append($0) }
    }
    fresh.reverse()
  }

  /// Takes the next stretches of fresh steps, as many as a gradient step sees, normalised; false when there are no more.
  private func takeFresh(into batch: TrajectoryBatch) -> Bool {
    batch.removeAll()
    while batch.steps < batchSize, let stretch = fresh.popLast() { batch.append(stretch, of: replay) }
    normalizer?.apply(batch.observations, rows: batch.rows)
    return batch.steps > 0
  }

  /// Draws stretches of at most `length` transitions until there are as many as a gradient step sees, normalised.
  private func drawTrajectories(length: Int, into batch: TrajectoryBatch) {
    batch.removeAll()
    while batch.steps < batchSize, let stretch = replay.drawTrajectory(length: length, using: &generator) {
      batch.append(stretch, of: replay)
    }
    normalizer?.apply(batch.observations, rows: batch.rows)
  }

  /// Tells how wrong the critics were about the transitions drawn last.
  func note(errors: UnsafePointer<Float>, exponent: Double) {
    replay.updatePriorities(of: sample, errors: errors, exponent: exponent)
  }
}
