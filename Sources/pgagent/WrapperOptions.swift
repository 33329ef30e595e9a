import CommandLineOptions
import PolicyGradients

/// What stands between an environment and what is learned, as the command line says.
enum WrapperOptions {
  static let rescalesObservations = Option(
    flag: "obs-rescale", help: "Rescale observations with finite bounds to -1 ... 1.")
  static let observationClip = Option(
    "obs-clip", .number("X", above: 0, upTo: 1e30), defaultText: "no clipping",
    help: "Clip the numbers of a Box in observations to -X ... X, after --obs-rescale.")
  static let rescalesActions = Option(
    flag: "action-rescale",
    help: "Map -1 ... 1 from the policy onto the bounds of each number of an action, where these are finite.")
  static let rewardScale = Option(
    "reward-scale", .number("X", above: 0, upTo: 1e30), default: 1,
    help: "Multiply rewards by X before anything is learned from them; the metrics report the rewards as they came.")
  static let rewardClip = Option(
    "reward-clip", .number("X", above: 0, upTo: 1e30), defaultText: "no clipping",
    help: "Clip the rewards that are learned from to -X ... X, after --reward-scale.")

  static let frameStack = Option(
    "frame-stack", .integer(in: 1...Wrappers.mostFrames), default: 1,
    help: "Show the policy the latest N observations as one, the oldest first.")
  static let actionRepeat = Option(
    "action-repeat", .integer(in: 1...Wrappers.mostSteps), default: 1,
    help: "Let each action last N steps of the environment, whose rewards are added up.")
  static let timeLimit = Option(
    "time-limit", .integer(in: 1...Wrappers.mostSteps), defaultText: "what the environment has",
    help: "Cut episodes after N actions.")
  static let stickiness = Option(
    "sticky-actions", .number("P", in: 0..<1), default: 0,
    help: "Repeat the previous action with this probability instead of the one that was chosen.")

  /// Those that hold wherever a policy acts.
  private static let everywhere: [any DeclaredOption] = [
    frameStack, rescalesObservations, observationClip, rescalesActions, rewardScale, rewardClip,
  ]
  /// All, for whoever makes the steps.
  static let group = OptionGroup("Wrappers", [actionRepeat, timeLimit, stickiness] + everywhere)
  /// Those that need no say over steps, which somebody else makes.
  static let sessionGroup = OptionGroup("Wrappers", everywhere)

  /// What is given of them, for a run whose wrappers are settled.
  ///
  /// - Parameter hasSteps: whether the command makes the steps.
  static func given(_ arguments: Arguments, hasSteps: Bool = true) -> [(name: String, isGiven: Bool)] {
    let steps =
      hasSteps
      ? [
        ("action-repeat", arguments.isGiven(actionRepeat)), ("time-limit", arguments.isGiven(timeLimit)),
        ("sticky-actions", arguments.isGiven(stickiness)),
      ] : []
    return steps + [
      ("frame-stack", arguments.isGiven(frameStack)),
      ("obs-rescale", arguments.isGiven(rescalesObservations)), ("obs-clip", arguments.isGiven(observationClip)),
      ("action-rescale", arguments.isGiven(rescalesActions)), ("reward-scale", arguments.isGiven(rewardScale)),
      ("reward-clip", arguments.isGiven(rewardClip)),
    ]
  }

  /// The wrappers; those of the policy that a run begins with, where it begins with one.
  static func wrappers(
    _ arguments: Arguments, startingFrom snapshot: PolicySnapshot?, hasSteps: Bool = true
  ) throws(UsageError) -> Wrappers {
    if let snapshot {
      if let name = given(arguments, hasSteps: hasSteps).first(where: \.isGiven)?.name {
        throw .conflict("--\(name) cannot be given with --policy, whose policy has its own wrappers")
      }
      return snapshot.wrappers
    }
    var wrappers = Wrappers()
    if hasSteps {
      wrappers.actionRepeat = arguments[actionRepeat]
      (wrappers.timeLimit, wrappers.stickiness) = (arguments[timeLimit], arguments[stickiness])
    }
    wrappers.frameStack = arguments[frameStack]
    wrappers.rescalesObservations = arguments[rescalesObservations]
    wrappers.observationClip = arguments[observationClip]
    wrappers.rescalesActions = arguments[rescalesActions]
    wrappers.rewardScale = arguments[rewardScale]
    wrappers.rewardClip = arguments[rewardClip]
    return wrappers
  }
}
