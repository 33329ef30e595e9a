import Environments

/// A task of classic control: a mechanism that an action moves for one time step.
///
/// Whoever conforms writes the physics. Single steps, steps of many rows, the limit of steps and the entry in the
/// ``EnvironmentCatalog`` follow from it.
public protocol Mechanism: Environment where Observation: FloatRecord {
  /// The registered name, such as `CartPole-v1`.
  var id: String { get }
  /// The number of steps after which an episode is truncated.
  var maximumEpisodeSteps: Int { get }
  /// The mean return at which the task counts as solved; nil where none is registered.
  var rewardThreshold: Double? { get }
  /// The options of a reset, and the names of what is seen and done.
  var about: EnvironmentDescription { get }

  /// What is seen of the state.
  var observation: Observation { get }
  /// The reward of the step that led to the state.
  var reward: Double { get }
  /// Whether the state ends the episode.
  var isTerminated: Bool { get }

  /// Refuses an action that cannot be applied, by `EnvironmentError.invalidValue`.
  static func check(_ action: Action) throws(EnvironmentError)
  /// Applies an action, which has been checked, for one time step.
  mutating func advance(_ action: Action)
}

extension Mechanism {
  /// There is no threshold.
  public var rewardThreshold: Double? { nil }

  /// Nothing is said.
  public var about: EnvironmentDescription { EnvironmentDescription() }

  /// The registered name and threshold, and what the task says about itself.
  public var spec: EnvironmentSpec { EnvironmentSpec(id: id, rewardThreshold: rewardThreshold, about: about) }

  /// This environment with the limit of steps that it is registered with.
  public func limited() -> TimeLimit<Self> { TimeLimit(self, steps: maximumEpisodeSteps) }

  /// Takes every action, since a number beyond the bounds is clipped.
  @inline(__always)
  public static func check(_ action: Action) throws(EnvironmentError) {}

  /// Applies an action for one time step; one that is refused moves nothing.
  @inline(__always)
  public mutating func step(_ action: Action) throws -> Transition<Observation> {
    try Self.check(action)
    advance(action)
    return Transition(observation, reward: reward, isTerminated: isTerminated)
  }

  /// Steps some rows, straight from and into the memory of a batch; one action that is refused moves none of them.
  @inline(__always)
  public static func step(
    _ environments: EnvironmentRows<Self>, rows: Range<Int>, of actions: ValueBatch, into outcome: StepBatch
  ) throws {
    let width = Observation.width
    let observations = try outcome.observations.numbers(ofRows: 0..<rows.upperBound, width: width, as: Float.self)
    let (rewards, isTerminated, isTruncated) = (outcome.rewards, outcome.isTerminated, outcome.isTruncated)
    for row in rows { try check(Action.load(from: actions, row: row)) }
    for row in rows {
      let environment = environments[row]
      environment.pointee.advance(try Action.load(from: actions, row: row))
      environment.pointee.observation.store(in: observations, at: width &* row)
      rewards[row] = environment.pointee.reward
      isTerminated[row] = environment.pointee.isTerminated
      isTruncated[row] = false
    }
  }
}

/// A ``Mechanism`` whose action is one of a few choices, from 0 on.
public protocol MechanismOfChoices: Mechanism where Action == Int {
  /// The number of choices.
  static var choices: Int { get }
}

extension MechanismOfChoices {
  /// The number of a choice.
  public var actionSpace: Space { .discrete(Discrete(Self.choices)) }

  /// Refuses what is no choice.
  @inline(__always)
  public static func check(_ action: Int) throws(EnvironmentError) {
    guard action >= 0 && action < choices else {
      throw .invalidValue("action \(action) is outside Discrete(n=\(choices))")
    }
  }
}
