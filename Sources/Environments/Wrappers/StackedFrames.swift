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

  /// The space of each value of such stacks; nil where a space is none of stacks of so many values.
  public static func single(_ space: Space, _ frames: Int) -> Space? {
    let found = unchecked(space, frames)
    // Members that differ from one value to the next make no stack.
    guard let found, (try? Self.space(found, frames)) == space else { return nil }
    return found
  }

  private static func unchecked(_ space: Space, _ frames: Int) -> Space? {
    func first<Value: Equatable & Sendable>(_ values: PerElement<Value>) -> PerElement<Value> {
      switch values {
      case .same: values
      case .each(let list): .each(Array(list.prefix(list.count / frames)))
      }
    }
    switch space {
    case .box(let box):
      guard box.shape.first == frames else { return nil }
      return .box(
        Box(shape: Array(box.shape.dropFirst()), type: box.type, low: first(box.low), high: first(box.high)))
    case .multiBinary(let shape): return shape.first == frames ? .multiBinary(shape: Array(shape.dropFirst())) : nil
    case .multiDiscrete(let stack):
      guard stack.shape.first == frames else { return nil }
      guard stack.shape.count > 1 else {
        return .discrete(Discrete(stack.nvec[0], start: stack.start[0], type: stack.type))
      }
      return .multiDiscrete(
        MultiDiscrete(
          shape: Array(stack.shape.dropFirst()), nvec: first(stack.nvec), start: first(stack.start), type: stack.type))
    case .tuple(let spaces):
      let singles = spaces.compactMap { unchecked($0, frames) }
      return singles.count == spaces.count ? .tuple(singles) : nil
    case .dict(let members):
      let singles = members.compactMap { member in
        unchecked(member.space, frames).map { Space.Member(member.key, $0) }
      }
      return singles.count == members.count ? .dict(singles) : nil
    default: return nil
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
