/// Sub-environments in this process, each reset within the step that ends its episode.
public final class LocalVectorEnvironment: VectorEnvironment {
  let batch: any EnvironmentBatch
  /// What came of the last reset or step.
  public let outcome: StepBatch

  /// Steps the sub-environments of `batch`.
  public init(_ batch: any EnvironmentBatch) {
    self.batch = batch
    outcome = StepBatch(
      observationSpace: batch.observationSpace, maskedActions: batch.offersMasks ? batch.actionSpace : nil,
      count: batch.count)
  }

  /// What each sub-environment is called.
  public var spec: EnvironmentSpec { batch.spec }
  /// The space of every observation.
  public var observationSpace: Space { batch.observationSpace }
  /// The space of every action.
  public var actionSpace: Space { batch.actionSpace }
  /// The number of sub-environments.
  public var count: Int { outcome.count }

  /// Resets every sub-environment, number i with seed `seed + i`.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    for index in 0..<count {
      try batch.reset(
        index,
        seed: seed.map { $0 &+ UInt64(index) },
        options: options,
        into: outcome.observations,
        row: index
      )
    }
    batch.writeMasks(of: 0..<count, into: outcome.masks)
  }

  /// Resets some sub-environments, which go on with their random numbers.
  public func resetRows(_ rows: [Int]) throws {
    for row in rows {
      outcome.infos[row] = nil
      try batch.reset(row, seed: nil, options: [:], into: outcome.observations, row: row)
      batch.writeMasks(of: row..<row + 1, into: outcome.masks)
    }
  }

  /// Steps every sub-environment, and resets those whose episode has ended.
  public func beginStep(_ actions: ValueBatch) throws {
    outcome.clearInfos()
    try batch.stepAndReset(0..<count, actions: actions, into: outcome)
  }

  /// Does nothing: the work is done when it begins.
  public func finishStep() {}
}
