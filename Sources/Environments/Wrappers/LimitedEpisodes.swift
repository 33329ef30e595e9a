/// Episodes that are cut after so many steps, where the environment does not end them sooner.
public final class LimitedEpisodes: EnvironmentWrapper {
  /// The environment within.
  public let inner: any VectorEnvironment
  private let limit: Int
  private var steps: [Int]
  private var due: [Int] = []
  /// Whether a step is under way that has not been read.
  private var isStepping = false

  /// Cuts episodes of more than `limit` steps.
  public init(_ inner: any VectorEnvironment, limit: Int) {
    (self.inner, self.limit) = (inner, limit)
    steps = Array(repeating: 0, count: inner.count)
  }

  /// What each sub-environment is called, with the limit.
  public var spec: EnvironmentSpec {
    var spec = inner.spec
    spec.maximumEpisodeSteps = min(limit, spec.maximumEpisodeSteps ?? limit)
    return spec
  }

  /// Begins an episode everywhere.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    try inner.reset(seed: seed, options: options)
    for row in steps.indices { steps[row] = 0 }
  }

  /// Begins episodes in some sub-environments.
  public func resetRows(_ rows: [Int]) throws {
    try inner.resetRows(rows)
    for row in rows { steps[row] = 0 }
  }

  /// Begins a step.
  public func beginStep(_ actions: ValueBatch) throws {
    isStepping = true
    try inner.beginStep(actions)
  }

  /// Whether the step has been answered, and the resets of episodes that have become too long.
  public func hasAnswered() throws -> Bool {
    guard try inner.hasAnswered() else { return false }
    guard isStepping else { return true }
    try readStep()
    return try inner.hasAnswered()
  }

  /// Cuts what has become too long, and begins new episodes there.
  public func finishStep() throws {
    if isStepping { try readStep() }
    guard !due.isEmpty else { return }
    try inner.resetRows(due)
    // Others may have been cut by it, where they share a process that was replaced.
    for row in 0..<count where outcome.hasEnded(row) { steps[row] = 0 }
  }

  /// Reads what came of the step, and asks for the resets that it makes due.
  private func readStep() throws {
    try inner.finishStep()
    isStepping = false
    let outcome = outcome
    if !due.isEmpty { due.removeAll(keepingCapacity: true) }
    for row in 0..<count {
      steps[row] += 1
      if outcome.hasEnded(row) || outcome.lostRows.contains(row) {
        steps[row] = 0
      } else if steps[row] >= limit {
        outcome.keepFinal(row)
        outcome.isTruncated[row] = true
        due.append(row)
      }
    }
    if !due.isEmpty { try inner.beginResetRows(due) }
  }
}
