import Environments

/// What an agent is made for.
public struct AgentTask {
  /// The space of every observation.
  public let observationSpace: Space
  /// The space of every action.
  public let actionSpace: Space
  /// How many numbers an encoded observation has.
  public let observationWidth: Int
  /// The family of distributions that fits the space of actions.
  public let distribution: ProductDistribution
  /// How many numbers an action mask has; 0 where none will come.
  public let maskWidth: Int
  /// How many streams step together; 0 where sessions come one by one.
  public let streams: Int
  /// Whether a second thread is worth it; it changes no bit of the results.
  public let usesHelperThread: Bool
  /// Whether it acts for another agent, and has nothing to remember.
  public let isCopy: Bool
  /// What stands between the environment and what is learned.
  public let wrappers: Wrappers
  /// Asked within an update, by any thread: whether to leave it unfinished, as if it had not begun.
  public let isInterrupted: @Sendable () -> Bool

  /// How many numbers an action has.
  public var actionWidth: Int { distribution.actionCount }

  /// Describes a task; throws where a space cannot be encoded.
  public init(
    observationSpace: Space, actionSpace: Space, usesMasks: Bool = false, streams: Int = 0,
    wrappers: Wrappers = Wrappers(), isCopy: Bool = false, usesHelperThread: Bool = false,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(TrainingError) {
    (self.observationSpace, self.actionSpace) = (observationSpace, actionSpace)
    observationWidth = try ObservationEncoder(observationSpace).width
    distribution = try ActionEncoder(actionSpace).distribution
    (self.wrappers, self.isCopy) = (wrappers, isCopy)
    maskWidth = usesMasks ? distribution.maskCount : 0
    (self.streams, self.usesHelperThread, self.isInterrupted) = (streams, usesHelperThread, isInterrupted)
  }

  /// Refuses what was recorded in other spaces.
  func requireSpaces(_ observations: Space, _ actions: Space) throws(TrainingError) {
    // The bounds of observations bind nobody (protocol/SPEC.md 16.3).
    guard observationSpace.disagreement(withObservations: observations) == nil, actions == actionSpace else {
      throw .unusableFile(
        what: "recorded dialogue",
        reason: "it has observations of \(observations.text) and actions of \(actions.text), and this run has "
          + "\(observationSpace.text) and \(actionSpace.text)")
    }
  }
}
