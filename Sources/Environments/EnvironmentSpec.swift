/// What an environment is called and how long its episodes are; it informs, and binds nobody.
public struct EnvironmentSpec: Equatable, Sendable {
  /// The registered name, such as `CartPole-v1`.
  public var id: String?
  /// The number of steps after which an episode is truncated.
  public var maximumEpisodeSteps: Int?
  /// The mean return at which the task counts as solved.
  public var rewardThreshold: Double?
  /// Whether the same seeds and actions may give other replies.
  public var isNondeterministic: Bool
  /// What else the environment says about itself.
  public var about: EnvironmentDescription

  /// Creates a description.
  public init(
    id: String? = nil,
    maximumEpisodeSteps: Int? = nil,
    rewardThreshold: Double? = nil,
    isNondeterministic: Bool = false,
    about: EnvironmentDescription = EnvironmentDescription()
  ) {
    self.id = id
    self.maximumEpisodeSteps = maximumEpisodeSteps
    self.rewardThreshold = rewardThreshold
    self.isNondeterministic = isNondeterministic
    self.about = about
  }
}
