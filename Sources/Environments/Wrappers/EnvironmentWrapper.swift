/// Sub-environments that change something of others; what they do not say themselves is the others'.
public protocol EnvironmentWrapper: VectorEnvironment {
  /// The environment within.
  var inner: any VectorEnvironment { get }
}

extension EnvironmentWrapper {
  /// The environment's.
  public var spec: EnvironmentSpec { inner.spec }
  /// The environment's.
  public var observationSpace: Space { inner.observationSpace }
  /// The environment's.
  public var actionSpace: Space { inner.actionSpace }
  /// The environment's.
  public var count: Int { inner.count }
  /// The environment's.
  public var outcome: StepBatch { inner.outcome }
  /// The environment's.
  public var restartCount: Int { inner.restartCount }

  /// Asks for an episode everywhere.
  public func beginReset(seed: UInt64?) throws { try inner.beginReset(seed: seed) }

  /// Begins an episode everywhere.
  public func reset(seed: UInt64?, options: [String: PlainValue]) throws {
    try inner.reset(seed: seed, options: options)
  }

  /// Asks for episodes in some sub-environments.
  public func beginResetRows(_ rows: [Int]) throws { try inner.beginResetRows(rows) }

  /// Begins episodes in some sub-environments.
  public func resetRows(_ rows: [Int]) throws { try inner.resetRows(rows) }

  /// Hands the actions on.
  public func beginStep(_ actions: ValueBatch) throws { try inner.beginStep(actions) }

  /// Whether the environment has answered.
  public func hasAnswered() throws -> Bool { try inner.hasAnswered() }
}
