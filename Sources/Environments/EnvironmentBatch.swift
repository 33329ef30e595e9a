/// Sub-environments in this process that do not reset themselves: what a server serves.
///
/// The number of sub-environments is chosen after the spaces are known, because a driver wishes for it.
public protocol EnvironmentBatch: AnyObject {
  /// What each sub-environment is called.
  var spec: EnvironmentSpec { get }
  /// The space of every observation.
  var observationSpace: Space { get }
  /// The space of every action.
  var actionSpace: Space { get }
  /// The number of sub-environments.
  var count: Int { get }

  /// Whether ``step(_:actions:into:)`` never throws for values of the action space; false by default.
  ///
  /// Only then can the beginning of a reply be sent while its rest is still being computed.
  var neverFails: Bool { get }

  /// Whether ``writeMask(of:into:row:)`` ever forbids an action; false by default.
  var offersMasks: Bool { get }

  /// How many scenes make a second at the environments' own speed; nil, as by default, where there is nothing to see.
  var framesPerSecond: Double? { get }

  /// Changes the number of sub-environments, all of which then need a reset, and returns the number granted.
  func resize(to wanted: Int) -> Int

  /// Begins an episode of sub-environment `index` and writes its observation to row `row`.
  func reset(
    _ index: Int,
    seed: UInt64?,
    options: [String: PlainValue],
    into observations: ValueBatch,
    row: Int
  ) throws

  /// Applies rows `range` of `actions`, which are values of the action space, and writes the same rows of `outcome`.
  ///
  /// `outcome.observations` receives the observation after the action also where an episode has ended.
  func step(_ range: Range<Int>, actions: ValueBatch, into outcome: StepBatch) throws

  /// Forbids, in row `row` of masks that allow everything there, what makes no sense in sub-environment `index` now.
  func writeMask(of index: Int, into masks: MaskBatch, row: Int)

  /// What sub-environment `index` looks like now; nil where there is nothing to see.
  func scene(of index: Int) -> Scene?

  /// Whether states are kept and brought back; false by default.
  var offersStates: Bool { get }

  /// All that the rest of the episode of sub-environment `index` depends on, as text.
  func state(of index: Int) throws(EnvironmentError) -> String

  /// Puts sub-environment `index` where ``state(of:)`` was asked for.
  ///
  /// - Throws: ``EnvironmentError/invalidValue``, and nothing has changed, if the state cannot be used.
  func restore(_ index: Int, to state: String) throws(EnvironmentError)
}

extension EnvironmentBatch {
  /// Nothing is promised.
  public var neverFails: Bool { false }
  /// Every action is always legal.
  public var offersMasks: Bool { false }
  /// Forbids nothing.
  public func writeMask(of index: Int, into masks: MaskBatch, row: Int) {}

  /// No state is kept.
  public var offersStates: Bool { false }
  /// No state is kept.
  public func state(of index: Int) throws(EnvironmentError) -> String { "" }
  /// Takes no state.
  public func restore(_ index: Int, to state: String) throws(EnvironmentError) {
    throw .invalidValue("no state is kept")
  }

  /// There is nothing to see.
  public var framesPerSecond: Double? { nil }
  /// There is nothing to see.
  public func scene(of index: Int) -> Scene? { nil }

  /// Applies rows `range` of `actions`, and begins new episodes where one has ended, within the same step.
  ///
  /// The last observation and info of an ended episode go to the outcome's final ones, so that nothing is lost. The random
  /// numbers run on (protocol/SPEC.md 12.5, 12.7).
  public func stepAndReset(_ range: Range<Int>, actions: ValueBatch, into outcome: StepBatch) throws {
    try step(range, actions: actions, into: outcome)
    try outcome.forEachEndedRow(in: range) { row in
      outcome.keepFinal(row)
      try reset(row, seed: nil, options: Dictionary(), into: outcome.observations, row: row)
    }
    if outcome.masks.width > 0 { writeMasks(of: range, into: outcome.masks) }
  }

  /// Writes the masks of sub-environments to their own rows.
  public func writeMasks(of range: Range<Int>, into masks: MaskBatch) {
    guard masks.width > 0 else { return }
    masks.allowEverything(in: range)
    for row in range { writeMask(of: row, into: masks, row: row) }
  }
}
