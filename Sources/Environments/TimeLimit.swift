/// An environment whose episodes are truncated after a number of steps.
///
/// A step may both terminate and reach the limit; both flags are then set, as Gymnasium's `TimeLimit` sets them.
public struct TimeLimit<Base: Environment>: Environment {
  /// The environment within.
  public var base: Base

  @usableFromInline var elapsed = 0
  @usableFromInline let limit: Int

  /// Limits the episodes of `base` to `limit` steps.
  public init(_ base: Base, steps limit: Int) {
    self.base = base
    self.limit = limit
  }

  /// The description of the environment within, with this limit.
  public var spec: EnvironmentSpec {
    var spec = base.spec
    spec.maximumEpisodeSteps = limit
    return spec
  }
  /// The space of the environment within.
  public var observationSpace: Space { base.observationSpace }
  /// The space of the environment within.
  public var actionSpace: Space { base.actionSpace }

  /// Resets the environment within and counts anew.
  @inlinable
  public mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Base.Observation {
    let observation = try base.reset(seed: seed, options: options)
    elapsed = 0
    return observation
  }

  /// Steps the environment within; truncates when the limit is reached.
  @inlinable
  @inline(__always)
  public mutating func step(_ action: Base.Action) throws -> Transition<Base.Observation> {
    var transition = try base.step(action)
    elapsed += 1
    if elapsed >= limit { transition.isTruncated = true }
    return transition
  }

  /// What the environment within says.
  @inlinable public var episodeInfo: [String: PlainValue] { base.episodeInfo }

  /// What the environment within says.
  @inlinable public static var offersMasks: Bool { Base.offersMasks }

  /// Forbids what the environment within forbids.
  @inlinable
  public func writeMask(to mask: ActionMask) { base.writeMask(to: mask) }

  /// What the environment within shows.
  public var scene: Scene? { base.scene }

  /// What the environment within says.
  public static var framesPerSecond: Double { Base.framesPerSecond }

  /// What the environment within says.
  public static var offersStates: Bool { Base.offersStates }

  /// Carries the environment within, and how many steps have been taken.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {
    try base.carryState(&carrier)
    try carrier.carry(&elapsed, in: 0...limit)
  }

  /// Steps the environments within, in their own way; truncates where the limit is reached.
  @inlinable
  @inline(__always)
  public static func step(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, of actions: ValueBatch, into outcome: StepBatch
  ) throws {
    try Base.step(environments.parts(\.base), rows: rows, of: actions, into: outcome)
    let isTruncated = outcome.isTruncated
    for row in rows {
      let environment = environments[row]
      environment.pointee.elapsed += 1
      if environment.pointee.elapsed >= environment.pointee.limit { isTruncated[row] = true }
    }
  }
}
