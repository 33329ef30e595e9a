/// What a session is told beside its action.
public struct SessionAnswer: Equatable, Sendable {
  /// ln π of the action, before clipping.
  public var logProbability: Float
  /// V of the observation; nil without a value function.
  public var value: Float?
}

/// What an update did, for people.
public struct SessionUpdate: Equatable, Sendable {
  /// How many steps it learned from.
  public var steps: Int
  /// How many episodes ended since the last update.
  public var episodes: Int
  /// The mean of their returns; nil if there were none.
  public var meanReturn: Double?
  /// The update itself.
  public var metrics: UpdateMetrics
}
