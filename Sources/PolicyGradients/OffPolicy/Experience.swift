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

  private let sample = ReplaySample()
  private let batchSize: Int
  private let steps: Int
  private let discount: Double
  private let correction: Double

  init(_ replay: ReplayBuffer, _ settings: SettingValues, generator: PCG64, normalizer: ObservationNormalizer?) {
    (self.replay, self.generator, self.normalizer) = (replay, generator, normalizer)
    batchSize = settings[OffPolicySettings.batchSize]
    steps = settings[OffPolicySettings.steps]
    discount = settings[OffPolicySettings.discount]
    correction = settings[OffPolicySettings.priorityCorrection]
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

  /// Tells how wrong the critics were about the transitions drawn last.
  func note(errors: UnsafePointer<Float>, exponent: Double) {
    replay.updatePriorities(of: sample, errors: errors, exponent: exponent)
  }
}
