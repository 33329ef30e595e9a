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
