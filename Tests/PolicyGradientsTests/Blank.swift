import Environments

/// Spaces by their sizes.
enum TestSpaces {
  static func box(_ size: Int) -> Space { .box(Box(shape: [size], low: .same(-1), high: .same(1))) }
}

/// Environments in which nothing ever happens.
final class Blank: VectorEnvironment {
  let spec: EnvironmentSpec
  let observationSpace: Space
  let actionSpace: Space
  let outcome: StepBatch

  init(
    observationSpace: Space, actionSpace: Space = .discrete(Discrete(2)), count: Int, maximumEpisodeSteps: Int? = nil
  ) {
    spec = EnvironmentSpec(id: "Blank", maximumEpisodeSteps: maximumEpisodeSteps)
    (self.observationSpace, self.actionSpace) = (observationSpace, actionSpace)
    outcome = StepBatch(observationSpace: observationSpace, count: count)
  }

  var count: Int { outcome.count }
  func reset(seed: UInt64?, options: [String: PlainValue]) {}
  func beginStep(_ actions: ValueBatch) {}
  func finishStep() {}
}
