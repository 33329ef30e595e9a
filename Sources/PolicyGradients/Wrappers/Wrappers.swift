import Environments

/// What stands between an environment and what is learned in it, and goes with the policy wherever that acts.
///
/// Source: protocol/SPEC.md 18.16 and 18.17.
public struct Wrappers: Codable, Equatable, Sendable {
  /// How many of the latest observations are one to the policy, the oldest first.
  public var frameStack = 1
  /// How many steps of the environment one action lasts.
  public var actionRepeat = 1
  /// After how many actions an episode is cut; nil leaves that to the environment.
  public var timeLimit: Int?
  /// How likely the action before is taken once more in the place of the one that was chosen.
  public var stickiness = 0.0
  /// Whether the numbers of observations that have finite bounds are brought from these to [-1, 1].
  public var rescalesObservations = false
  /// The greatest magnitude of the numbers of a Box in observations, after that; nil for any.
  public var observationClip: Double?
  /// Whether the policy's [-1, 1] stand for the bounds of an action's numbers, where these are finite.
  public var rescalesActions = false
  /// What rewards are multiplied by before anything is learned from them.
  public var rewardScale = 1.0
  /// The greatest magnitude of a reward that is learned from, after that; nil for any.
  public var rewardClip: Double?

  private enum CodingKeys: String, CodingKey {
    case frameStack = "frame_stack"
    case actionRepeat = "action_repeat"
    case timeLimit = "time_limit"
    case stickiness = "sticky_actions"
    case rescalesObservations = "obs_rescale"
    case observationClip = "obs_clip"
    case rescalesActions = "action_rescale"
    case rewardScale = "reward_scale"
    case rewardClip = "reward_clip"
  }

  /// None.
  public init() {}

  /// The most observations that one is made of.
  public static let mostFrames = 1024
  /// The most steps of an action or an episode.
  public static let mostSteps = 1_000_000_000

  /// Whether there is none.
  public var isEmpty: Bool { self == Wrappers() }

  /// Whether numbers of observations or actions are changed between the environment and the policy.
  public var changesNumbers: Bool { rescalesObservations || observationClip != nil || rescalesActions }

  /// Whether rewards are learned from as they are.
  var keepsRewards: Bool { rewardScale == 1 && rewardClip == nil }

  /// The reward that is learned from in the place of one that was earned.
  @inline(__always)
  func learned(_ reward: Double) -> Double {
    let scaled = reward * rewardScale
    return rewardClip.map { max(-$0, min($0, scaled)) } ?? scaled
  }

  /// Throws a sentence about what no wrapper can be.
  public func requireRanges() throws(TrainingError) {
    if let fault { throw .unusableFile(what: "list of wrappers", reason: fault) }
  }

  /// Why there can be none of these, as a clause; nil where there can.
  var fault: String? {
    let counts = [
      ("frame_stack", frameStack, Self.mostFrames), ("action_repeat", actionRepeat, Self.mostSteps),
      ("time_limit", timeLimit ?? 1, Self.mostSteps),
    ]
    for (name, count, most) in counts where !(1...most).contains(count) {
      return "\(name) is \(count), and it can be 1 to \(most)"
    }
    guard (0..<1).contains(stickiness) else { return "sticky_actions is \(stickiness), and it can be 0 to less than 1" }
    let magnitudes = [
      ("obs_clip", observationClip ?? 1), ("reward_scale", rewardScale), ("reward_clip", rewardClip ?? 1),
    ]
    return magnitudes.first { !($0.1 > 0 && $0.1.isFinite) }.map { "\($0.0) is \($0.1), and it has to be above 0" }
  }
}

extension Wrappers {
  /// An environment with those around it that are about its steps: sticky actions within repeated ones within limited
  /// episodes within stacked observations.
  ///
  /// - Throws: `EnvironmentError.invalidValue(_:)` where its observations cannot be stacked.
  public func wrap(_ environment: any VectorEnvironment) throws(EnvironmentError) -> any VectorEnvironment {
    var wrapped = environment
    if stickiness > 0 { wrapped = StickyActions(wrapped, probability: stickiness) }
    if actionRepeat > 1 { wrapped = RepeatedActions(wrapped, times: actionRepeat) }
    if let timeLimit { wrapped = LimitedEpisodes(wrapped, limit: timeLimit) }
    if frameStack > 1 { wrapped = try StackedFrames(wrapped, frames: frameStack) }
    return wrapped
  }
}
