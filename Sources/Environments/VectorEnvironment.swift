/// Sub-environments that reset themselves within the step that ends their episode: what an agent learns from.
///
/// The same-step reset never loses an observation: the ended episode's last one is in `outcome.finalObservations`, the
/// new episode's first one in `outcome.observations`. Stepping is cut in two so that several processes can work at once.
public protocol VectorEnvironment: AnyObject {
  /// What each sub-environment is called.
  var spec: EnvironmentSpec { get }
  /// The space of every observation.
  var observationSpace: Space { get }
  /// The space of every action.
  var actionSpace: Space { get }
  /// The number of sub-environments.
  var count: Int { get }
  /// What came of the last reset or step. After a reset only its observations mean anything.
  var outcome: StepBatch { get }
  /// How often something has failed and was started anew, until now; 0 by default.
  var restartCount: Int { get }

  /// Asks for an episode in every sub-environment without waiting for it; ``reset(seed:options:)`` with the same seed and no
  /// options does. Does nothing by default.
  func beginReset(seed: UInt64?) throws

  /// Begins an episode in every sub-environment; sub-environment i gets seed `seed + i`, or continues if it is nil.
  func reset(seed: UInt64?, options: [String: PlainValue]) throws

  /// Asks for an episode in some sub-environments without waiting for it; ``resetRows(_:)`` with the same rows does, and
  /// ``hasAnswered()`` says whether it would have to. Does nothing by default.
  func beginResetRows(_ rows: [Int]) throws

  /// Begins an episode in some sub-environments, whose random numbers run on; the others go on.
  ///
  /// Their rows of `outcome` have the first observations then, and what they say of the last step stays.
  /// - Throws: ``EnvironmentError/invalidValue(_:)``, by default, where that cannot be done.
  func resetRows(_ rows: [Int]) throws

  /// Hands over one action for each sub-environment; `finishStep` comes next.
  func beginStep(_ actions: ValueBatch) throws

  /// Whether ``finishStep()`` would not have to wait for the step under way, or ``resetRows(_:)`` for what has been asked
  /// for; true by default, and where nothing is under way.
  ///
  /// Until then `outcome` means nothing.
  func hasAnswered() throws -> Bool

  /// Waits until `outcome` holds what came of the actions.
  func finishStep() throws
}

extension VectorEnvironment {
  /// Refuses to.
  public func resetRows(_ rows: [Int]) throws {
    throw EnvironmentError.invalidValue("these sub-environments cannot be reset one by one")
  }

  /// Leaves all to the reset itself.
  public func beginReset(seed: UInt64?) {}

  /// Leaves all to the reset itself.
  public func beginResetRows(_ rows: [Int]) {}

  /// Nothing has to be waited for that others could go on without.
  public func hasAnswered() -> Bool { true }

  /// Nothing that could fail is started.
  public var restartCount: Int { 0 }

  /// Applies one action to each sub-environment and waits for what came of it.
  public func step(_ actions: ValueBatch) throws {
    try beginStep(actions)
    try finishStep()
  }
}
