/// What one epoch did.
public struct EpochMetrics: Equatable, Sendable {
  /// The number of the epoch, from 0.
  public var epoch: Int
  /// How many environment steps the run has learned from, all sub-environments together.
  public var environmentSteps: Int
  /// How many episodes ended in this epoch; the next five are theirs alone, and absent if there are none.
  public var episodes: Int
  /// The mean undiscounted return.
  public var meanReturn: Double?
  /// The standard deviation of the returns.
  public var returnDeviation: Double?
  /// The least return.
  public var minimumReturn: Double?
  /// The greatest return.
  public var maximumReturn: Double?
  /// The mean number of steps.
  public var meanLength: Double?
  /// The sum of all rewards of the epoch, also of episodes that go on.
  public var rewardSum: Double
  /// How many episodes a reset or a failure cut before their end: their returns are in none of these, so that short ones
  /// weigh more.
  public var cutEpisodes: Int
  /// How often an environment process was started anew because it had failed.
  public var restarts: Int
  /// The share of action numbers that were clipped to the bounds of a Box.
  public var clipFraction: Double
  /// The means of what the environment told of its own in the episodes that ended, by the text of each ``InfoMetric``.
  public var info: [String: Double]
  /// The number of the lesson at the end of the epoch, from 1; nil without a curriculum.
  public var lesson: Int?
  /// The last update of the epoch.
  public var update: Metrics
}

extension EpochMetrics {
  /// The metrics of an epoch that is over.
  init(epoch: Int, environmentSteps: Int, _ tally: EpochTally, lesson: Int? = nil, update: Metrics) {
    let episodes = tally.episodes
    self.init(
      epoch: epoch, environmentSteps: environmentSteps, episodes: episodes.count, meanReturn: episodes.mean,
      returnDeviation: episodes.deviation, minimumReturn: episodes.minimum, maximumReturn: episodes.maximum,
      meanLength: episodes.meanLength, rewardSum: tally.rewardSum, cutEpisodes: tally.cutEpisodes,
      restarts: tally.restarts, clipFraction: tally.clipFraction, info: episodes.info.means, lesson: lesson,
      update: update)
  }
}
