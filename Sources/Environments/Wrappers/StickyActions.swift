/// Actions that are now and then replaced by the one before, so that nobody learns a sequence by heart.
///
/// M. C. Machado et al., "Revisiting the Arcade Learning Environment" (2018), section 5. Where masks say which actions are
/// legal, nothing is replaced, since the one before may be illegal now.
public final class StickyActions: EnvironmentWrapper {
  /// The environment within.
  public let inner: any VectorEnvironment
  private let probability: Double
  private var generators: [PCG64]
  private var hasActed: [Bool]
  private let taken: ValueBatch

  private static let stream: UInt32 = 0x7374_6963

  /// Takes the action before with this probability, from 0 to less than 1.
  public init(_ inner: any VectorEnvironment, probability: Double) {
    (self.inner, self.probability) = (inner, probability)
    generators = (0..<inner.count).map { PCG64(seed: UInt64($0), stream: Self.stream) }
    hasActed = Array(repeating: false, count: inner.count)
    taken = ValueBatch(inner.actionSpace, count: inner.count)
  }

  /// Begins an episode everywhere; what is replaced depends on the seed too.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    try inner.reset(seed: seed, options: options)
    for row in 0..<count {
      hasActed[row] = false
      if let seed { generators[row] = PCG64(seed: seed &+ UInt64(row), stream: Self.stream) }
    }
  }

  /// Begins episodes in some sub-environments.
  public func resetRows(_ rows: [Int]) throws {
    try inner.resetRows(rows)
    for row in rows { hasActed[row] = false }
  }

  /// Hands the actions on, or those before.
  public func beginStep(_ actions: ValueBatch) throws {
    let isMasked = outcome.masks.width > 0
    for row in 0..<count {
      // Every step draws, so that what is drawn does not depend on the episodes.
      let isReplaced = generators[row].uniform() < probability
      if !isReplaced || !hasActed[row] || isMasked { taken.copyRow(row, of: actions, to: row) }
      hasActed[row] = true
    }
    try inner.beginStep(taken)
  }

  /// Waits for the step.
  public func finishStep() throws {
    try inner.finishStep()
    for row in 0..<count where outcome.hasEnded(row) { hasActed[row] = false }
    for row in outcome.lostRows { hasActed[row] = false }
  }
}
