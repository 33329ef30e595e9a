/// What one update did; means over the batch.
public struct UpdateMetrics: Codable, Equatable, Sendable {
  /// The loss before the first policy step.
  public var policyLoss = 0.0
  /// The mean squared error of the value function before its first step.
  public var valueLoss: Double?
  /// KL(old ‖ new) in nats, after the last policy step.
  public var divergence = 0.0
  /// The policy's entropy in nats, after the last policy step.
  public var entropy = 0.0
  /// The norm of the policy's first gradient, before clipping.
  public var gradientNorm = 0.0
  /// 1 - Var(target - V) / Var(target), with V as it was when the advantages were computed.
  public var explainedVariance: Double?
  /// The policy's learning rate.
  public var learningRate = 0.0

  /// Creates metrics of nothing.
  public init() {}
}

/// What one epoch did.
public struct EpochMetrics: Codable, Equatable, Sendable {
  /// The number of the epoch, from 0.
  public var epoch: Int
  /// How many environment steps the run has made, all sub-environments together.
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
  /// The share of action numbers that were clipped to the bounds of a Box.
  public var clipFraction: Double
  /// The last update of the epoch.
  public var update: UpdateMetrics
  /// Whether the next epoch begins with resets, so that a checkpoint taken now continues bit for bit.
  public var isResumable: Bool
}
