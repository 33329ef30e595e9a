/// Actions that last for several steps of the environment, whose rewards are added up.
///
/// An episode that ends meanwhile ends the action too. Its sub-environment is stepped on with the others, in an episode that
/// nobody sees, and begins another when they are done.
public final class RepeatedActions: EnvironmentWrapper {
  /// The environment within.
  public let inner: any VectorEnvironment
  private let times: Int
  private var actions: ValueBatch?
  private var sums: [Double]
  private var ends: [End]
  private let finals: ValueBatch
  private var finalInfos: [Int: [String: PlainValue]] = [:]
  /// How many of the steps are done.
  private var stepsDone: Int
  /// The rows that were stepped on after the end of their episode.
  private var strays: [Int] = []

  private enum End {
    case none, terminated, truncated, both, cut, lost
  }

  /// Lets each action last `times` steps.
  public init(_ inner: any VectorEnvironment, times: Int) {
    (self.inner, self.times) = (inner, max(1, times))
    stepsDone = self.times
    sums = Array(repeating: 0, count: inner.count)
    ends = Array(repeating: .none, count: inner.count)
    finals = ValueBatch(inner.observationSpace, count: inner.count)
  }

  /// What each sub-environment is called.
  public var spec: EnvironmentSpec {
    var spec = inner.spec
    spec.maximumEpisodeSteps = spec.maximumEpisodeSteps.map { ($0 - 1) / times + 1 }
    return spec
  }

  /// Begins the first of the steps.
  public func beginStep(_ actions: ValueBatch) throws {
    self.actions = actions
    for row in 0..<count { (sums[row], ends[row]) = (0, .none) }
    finalInfos.removeAll(keepingCapacity: true)
    (stepsDone, strays) = (0, [])
    try inner.beginStep(actions)
  }

  /// Makes as many of the others as can be made without waiting.
  public func hasAnswered() throws -> Bool {
    while try inner.hasAnswered() {
      guard stepsDone < times else { return true }
      try finishOne()
    }
    return false
  }

  /// Makes the others, and adds up what came of them.
  public func finishStep() throws {
    while stepsDone < times { try finishOne() }
    if !strays.isEmpty {
      try inner.resetRows(strays)
      // Others may have been cut by it, where they share a process that was replaced.
      for row in outcome.cutRows where ends[row] == .none { noteEnd(.cut, row) }
    }
    tell()
  }

  /// Finishes one of the steps, and begins the next unless every episode is over.
  private func finishOne() throws {
    try inner.finishStep()
    note()
    stepsDone += 1
    let over = ends.indices.filter { ends[$0] != .none }
    if over.count == count { stepsDone = times }
    guard stepsDone < times, let actions else {
      if !strays.isEmpty { try inner.beginResetRows(strays) }
      return
    }
    strays = over
    try inner.beginStep(actions)
  }

  /// Takes in one of the steps.
  private func note() {
    let outcome = outcome
    for row in 0..<count where ends[row] == .none {
      if outcome.lostRows.contains(row) {
        ends[row] = .lost
        continue
      }
      sums[row] += outcome.rewards[row]
      guard outcome.hasEnded(row) else { continue }
      noteEnd(
        outcome.cutRows.contains(row)
          ? .cut : !outcome.isTruncated[row] ? .terminated : outcome.isTerminated[row] ? .both : .truncated, row)
    }
  }

  private func noteEnd(_ end: End, _ row: Int) {
    ends[row] = end
    finals.copyRow(row, of: outcome.finalObservations, to: row)
    finalInfos[row] = outcome.finalInfos[row]
  }

  /// Writes what came of all steps over what came of the last one.
  private func tell() {
    let outcome = outcome
    outcome.clearInterruptions()
    for row in 0..<count {
      let end = ends[row]
      outcome.rewards[row] = sums[row]
      outcome.isTerminated[row] = end == .terminated || end == .both
      outcome.isTruncated[row] = end == .truncated || end == .both || end == .cut
      if end == .none || end == .lost { continue }
      outcome.finalObservations.copyRow(row, of: finals, to: row)
      outcome.finalInfos[row] = finalInfos[row]
    }
    for row in 0..<count where ends[row] == .lost { outcome.lose(row..<row + 1) }
    outcome.noteCut(ends.indices.filter { ends[$0] == .cut })
  }
}
