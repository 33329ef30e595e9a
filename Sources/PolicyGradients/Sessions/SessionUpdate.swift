/// What an update did, for people.
public struct SessionUpdate: Equatable, Sendable {
  /// How many steps it learned from.
  public var steps: Int
  /// How many episodes ended since the last update.
  public var episodes: Int
  /// The mean of their returns; nil if there were none.
  public var meanReturn: Double?
  /// The update itself.
  public var metrics: Metrics
  /// The epoch that came to its end with it; nil if none did.
  public var epoch: EpochMetrics?
}
