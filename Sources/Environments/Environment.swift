/// One environment: something that is reset, is told actions, and answers with observations and rewards.
///
/// An author conforms a struct to this protocol and serves it with GymwireIO's `EnvironmentServer`. The environment does
/// not reset itself: after a transition that ends the episode, `reset` comes next. Wrap it in ``TimeLimit`` for a limit
/// of steps.
public protocol Environment {
  /// The Swift type of an observation.
  associatedtype Observation: SpaceElement
  /// The Swift type of an action.
  associatedtype Action: SpaceElement

  /// What the environment is called and how long its episodes are.
  var spec: EnvironmentSpec { get }
  /// The space of every observation.
  var observationSpace: Space { get }
  /// The space of every action.
  var actionSpace: Space { get }

  /// Begins an episode and returns its first observation.
  ///
  /// - Parameters:
  ///   - seed: restarts the generator of randomness, 0 ... 2^53 - 1; nil continues it.
  ///   - options: hold for this reset only.
  /// - Throws: ``EnvironmentError/invalidOptions`` before anything has changed.
  mutating func reset(seed: UInt64?, options: [String: PlainValue]) throws -> Observation

  /// Applies an action, which is a value of `actionSpace`, and returns what came of it.
  mutating func step(_ action: Action) throws -> Transition<Observation>

  /// Figures of the episode that has just ended, told in the info of its last observation (protocol/SPEC.md 11.9); none by
  /// default.
  ///
  /// A ``Transition`` cannot tell them: where ``TimeLimit`` ends an episode, the environment within does not know.
  var episodeInfo: [String: PlainValue] { get }

  /// Whether ``writeMask(to:)`` ever forbids an action; false by default.
  static var offersMasks: Bool { get }

  /// Forbids what makes no sense at the observation that was returned last (protocol/SPEC.md, "mask").
  ///
  /// - Parameter mask: allows everything when this is called; something has to stay legal unless the episode is over.
  func writeMask(to mask: ActionMask)

  /// What a person would see now, for pictures and texts (protocol/SPEC.md, "render"); nil by default.
  ///
  /// One that shows anything does so from its creation on, before its first reset too.
  var scene: Scene? { get }

  /// How many scenes make a second when an episode is shown at its own speed; 30 by default.
  static var framesPerSecond: Double { get }

  /// Whether ``carryState(_:)`` carries all that the rest of an episode depends on; false by default.
  static var offersStates: Bool { get }

  /// Carries the state, the generator of randomness included, out to be kept or back in (protocol/SPEC.md, "state").
  ///
  /// - Throws: ``EnvironmentError/invalidValue`` where what comes in cannot be used; the environment is dropped then.
  mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError)

  /// Steps environments side by side: applies rows `rows` of `actions`, and writes the same rows of `outcome`.
  ///
  /// Does to each what ``step(_:)`` does, by calling it unless an environment has a faster way for several at once. After
  /// an error, which of them have been stepped is open.
  static func step(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, of actions: ValueBatch, into outcome: StepBatch) throws
}

extension Environment {
  /// There are no figures.
  @inlinable public var episodeInfo: [String: PlainValue] { [:] }

  /// Every action is always legal.
  @inlinable public static var offersMasks: Bool { false }

  /// Forbids nothing.
  @inlinable
  public func writeMask(to mask: ActionMask) {}

  /// There is nothing to see.
  public var scene: Scene? { nil }

  /// 30.
  public static var framesPerSecond: Double { 30 }

  /// Nothing is carried.
  public static var offersStates: Bool { false }

  /// Carries nothing.
  public mutating func carryState(_ carrier: inout StateCarrier) throws(EnvironmentError) {}

  /// Steps one after the other, by way of an action and a transition.
  @inlinable
  public static func step(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, of actions: ValueBatch, into outcome: StepBatch
  ) throws {
    for row in rows {
      let transition = try environments[row].pointee.step(Action.load(from: actions, row: row))
      try transition.observation.store(in: outcome.observations, row: row)
      outcome.rewards[row] = transition.reward
      outcome.isTerminated[row] = transition.isTerminated
      outcome.isTruncated[row] = transition.isTruncated
      if !transition.info.isEmpty { outcome.infos[row] = transition.info }
    }
  }
}
