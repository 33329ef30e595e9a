import Environments

/// One step, three arms that pay 0, 1 and 5; whoever pulls a forbidden one is counted, and paid.
final class MaskedBandit: VectorEnvironment {
  let spec = EnvironmentSpec(id: "MaskedBandit", maximumEpisodeSteps: 1)
  let observationSpace = Space.box(Box(shape: [1], low: .same(0), high: .same(1)))
  let actionSpace = Space.discrete(Discrete(3, start: 10))
  let outcome: StepBatch
  /// How often a forbidden arm was pulled.
  private(set) var violations = 0
  /// How often each arm was pulled.
  private(set) var pulls = [0, 0, 0]

  /// Creates `count` bandits with one mask; without one, nothing is forbidden and no masks are told.
  init(count: Int, mask: [UInt8]?, maskedActions: Space? = nil) {
    outcome = StepBatch(
      observationSpace: observationSpace,
      maskedActions: maskedActions ?? (mask == nil ? nil : actionSpace),
      count: count
    )
    guard let mask, maskedActions == nil else { return }
    for index in outcome.masks.numbers.indices { outcome.masks.numbers[index] = mask[index % 3] }
  }

  var count: Int { outcome.count }

  func reset(seed: UInt64?, options: [String: PlainValue]) {}

  func beginStep(_ actions: ValueBatch) throws {
    for row in 0..<count {
      let arm = try Int.load(from: actions, row: row) - 10
      pulls[arm] += 1
      if outcome.masks.width > 0, outcome.masks.numbers[row * 3 + arm] == 0 { violations += 1 }
      outcome.rewards[row] = [0, 1, 5][arm]
      outcome.isTerminated[row] = true
    }
  }

  func finishStep() {}
}
