/// What came of one action.
public struct Transition<Observation> {
  /// The observation after the action, of the ended episode if it has ended.
  public var observation: Observation
  /// The reward r of the action.
  public var reward: Double
  /// Whether the task itself has ended, so that nothing more can be earned.
  public var isTerminated: Bool
  /// Whether the episode was cut off from outside, such as by a limit of time.
  public var isTruncated: Bool
  /// Whatever else the environment tells.
  public var info: [String: PlainValue]

  /// Creates a transition.
  @inlinable
  public init(
    _ observation: Observation,
    reward: Double,
    isTerminated: Bool = false,
    isTruncated: Bool = false,
    info: [String: PlainValue] = [:]
  ) {
    self.observation = observation
    self.reward = reward
    self.isTerminated = isTerminated
    self.isTruncated = isTruncated
    self.info = info
  }
}
