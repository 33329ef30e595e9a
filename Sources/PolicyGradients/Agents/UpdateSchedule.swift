/// When an agent wants to improve itself.
public struct UpdateSchedule: Equatable, Sendable {
  /// How many steps an epoch has, all streams together; rounded down to whole updates, but to one at least.
  public var stepsPerEpoch: Int
  /// How many steps come before each update, all streams together.
  public var stepsPerUpdate: Int
  /// The least number of steps that each stream makes for one update, however many there are.
  public var minimumHorizon: Int
  /// Whether an update waits until the running episodes have ended, instead of cutting them.
  public var finishesEpisodes: Bool
  /// Whether an update waits until the first actions after it are under way, so that environments compute meanwhile.
  ///
  /// Those actions are then chosen by the policy before the update. The last update of an epoch does not wait.
  public var overlapsSteps: Bool

  /// Creates a schedule.
  public init(
    stepsPerEpoch: Int, stepsPerUpdate: Int, minimumHorizon: Int = 1, finishesEpisodes: Bool = false,
    overlapsSteps: Bool = false
  ) {
    self.stepsPerEpoch = stepsPerEpoch
    self.stepsPerUpdate = stepsPerUpdate
    self.minimumHorizon = minimumHorizon
    self.finishesEpisodes = finishesEpisodes
    self.overlapsSteps = overlapsSteps
  }

  /// How many steps each of `streams` streams makes for an update.
  public func horizon(streams: Int) -> Int {
    max(minimumHorizon, min(stepsPerUpdate, stepsPerEpoch) / streams)
  }

  /// How many updates an epoch has, if each comes after so many steps of all streams together.
  public func updatesPerEpoch(ofSteps steps: Int) -> Int { max(1, stepsPerEpoch / steps) }
}
