/// Observations that hold the latest ones too, the oldest first, so that a policy sees what moves.
///
/// An episode begins with its first observation in every place. A Box of a shape becomes one of `[count] + shape`, and so do
/// MultiBinary and MultiDiscrete; a Discrete becomes a MultiDiscrete; Dict and Tuple are stacked member by member.
public final class StackedFrames: EnvironmentWrapper {
  /// The environment within.
  public let inner: any VectorEnvironment
  private let frames: Int
  /// The space of stacks.
  public let observationSpace: Space
  /// What came of the last reset or step, in stacks.
  public let outcome: StepBatch

  /// Stacks `frames` observations.
  ///
  /// - Throws: ``EnvironmentError/invalidValue(_:)`` for a space that cannot be stacked.
  public init(_ inner: any VectorEnvironment, frames: Int) throws(EnvironmentError) {
    (self.inner, self.frames) = (inner, frames)
    observationSpace = try Self.space(inner.observationSpace, frames)
    outcome = StepBatch(
      observationSpace: observationSpace, maskedActions: inner.outcome.masks.actions, count: inner.count)
  }

  /// The space of stacks of so many values.
  public static func space(_ space: Space, _ frames: Int) throws(EnvironmentError) -> Space {
    func each<Value: Equatable & Sendable>(_ values: PerElement<Value>) -> PerElement<Value> {
      switch values {
      case .same: values
      case .each(let list): .each(Array(repeatElement(list, count: frames).joined()))
      }
    }
    switch space {
    case .box(let box):
      return .box(Box(shape: [frames] + box.shape, type: box.type, low: each(box.low), high: each(box.high)))
    case .discrete(let discrete):
      return .multiDiscrete(
        MultiDiscrete(shape: [frames], nvec: .same(discrete.n), start: .same(discrete.start), type: discrete.type))
    case .multiBinary(let shape): return .multiBinary(shape: [frames] + shape)
    case .multiDiscrete(let space):
      return .multiDiscrete(
        MultiDiscrete(
          shape: [frames] + space.shape, nvec: each(space.nvec), start: each(space.start), type: space.type))
    case .tuple(let spaces):
      var stacked: [Space] = []
      for member in spaces { stacked.append(try Self.space(member, frames)) }
      return .tuple(stacked)
    case .dict(let members):
      var stacked: [Space.Member] = []
      for member in members { stacked.append(Space.Member(member.key, try Self.space(member.space, frames))) }
      return .dict(stacked)
    default: throw .invalidValue("values of \(space.phrase) cannot be stacked")
    }
  }

  /// Begins an episode everywhere.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    try inner.reset(seed: seed, options: options)
    begin(Array(0..<count))
  }

  /// Begins episodes in some sub-environments.
  public func resetRows(_ rows: [Int]) throws {
    try inner.resetRows(rows)
    begin(rows)
  }

  private func begin(_ rows: [Int]) {
    for row in rows {
      outcome.observations.fill(row, of: inner.outcome.observations, frames: frames)
      outcome.infos[row] = inner.outcome.infos[row]
    }
    outcome.masks.copy(inner.outcome.masks)
  }

  /// Puts what came of the step behind what came before.
  public func finishStep() throws {
    try inner.finishStep()
    let seen = inner.outcome
    outcome.infos = seen.infos
    outcome.finalInfos = seen.finalInfos
    outcome.clearInterruptions()
    for row in 0..<count {
      outcome.rewards[row] = seen.rewards[row]
      (outcome.isTerminated[row], outcome.isTruncated[row]) = (seen.isTerminated[row], seen.isTruncated[row])
      if seen.hasEnded(row) {
        outcome.observations.push(row, of: seen.finalObservations, frames: frames)
        outcome.finalObservations.copyRow(row, of: outcome.observations, to: row)
        outcome.observations.fill(row, of: seen.observations, frames: frames)
      } else if seen.lostRows.contains(row) {
        outcome.observations.fill(row, of: seen.observations, frames: frames)
      } else {
        outcome.observations.push(row, of: seen.observations, frames: frames)
      }
    }
    outcome.masks.copy(seen.masks)
    for row in seen.lostRows { outcome.lose(row..<row + 1) }
    outcome.noteCut(seen.cutRows)
  }
}

extension ValueBatch {
  /// Writes a value to every place of a stack.
  fileprivate func fill(_ row: Int, of values: ValueBatch, frames: Int) {
    forEachArray(values) { stack, width, value in
      for frame in 0..<frames { stack.copy(value, from: row * width, count: width, at: (row * frames + frame) * width) }
    }
  }

  /// Moves a stack on by one, and writes a value to its last place.
  fileprivate func push(_ row: Int, of values: ValueBatch, frames: Int) {
    forEachArray(values) { stack, width, value in
      let first = row * frames * width
      stack.copy(stack, from: first + width, count: (frames - 1) * width, at: first)
      stack.copy(value, from: row * width, count: width, at: first + (frames - 1) * width)
    }
  }

  private func forEachArray(_ values: ValueBatch, _ body: (FlatArray, _ width: Int, FlatArray) -> Void) {
    switch (storage, values.storage) {
    case (.flat(let stack, _), .flat(let value, let width)): body(stack, width, value)
    case (.members(let stacks), .members(let members)):
      for (stack, member) in zip(stacks, members) { stack.forEachArray(member, body) }
    default: preconditionFailure("a stack has the structure of its values")
    }
  }
}
