import CommandLineOptions
import Environments
import Gymwire
import GymwireIO
import PolicyGradients

/// `pgagent watch`: shows a policy at play, and keeps what was seen.
enum WatchCommand {
  static let episodes = Option(
    "episodes", .integer(in: 1...1_000_000), defaultText: "on a terminal until q is hit, elsewhere 1",
    help: "How many episodes to play.")
  static let seed = Option(
    "seed", .seed(), default: 0, help: "The seed of the first episode; those after it have the ones that follow.")
  static let samples = Option(
    flag: "sampled", help: "Sample actions from the policy, instead of taking the most probable one or the mean.")
  static let speed = Option(
    "speed", .number("X", above: 0, upTo: 1000), default: 1,
    help: "How many times as fast as the environment's own speed, which is 30 pictures a second where it tells none.")
  static let film = Option(
    "save", .path(), defaultText: "nothing is saved",
    help: "Write a film as an animated PNG to FILE, which browsers play; its name has to end with .png or .apng.")
  static let frames = Option(
    "save-frames", .directory(), defaultText: "nothing is saved", help: "Write each picture as a PNG file to DIR.")
  static let size = Option(
    "size", .text("WIDTHxHEIGHT"), default: "600x400",
    help: "The pixels of saved pictures, of environments that draw themselves at any size.")

  static let command = Command(
    "watch", summary: "Watch a trained policy at play, in the terminal or as a film.",
    details: """
      Examples: pgagent watch runs/CartPole-v1-ppo-0
                pgagent watch --env-cmd cartpole-server --policy policy.json --save play.apng
      Keys: space pauses, . takes one step, + and - change the speed, n begins the next episode, q ends.
      The environment draws itself (protocol/SPEC.md, section 15); where it does not, its numbers are shown.
      """,
    groups: [
      OptionGroup("Run", RecordedRun.argument), EnvironmentOptions.group, PolicyOptions.group,
      OptionGroup("Play", episodes, seed, samples, speed, film, frames, size),
    ],
    run: play)

  private static func play(_ arguments: Arguments) throws -> Int32 {
    let recorded = try arguments[RecordedRun.argument].map { try RecordedRun($0) }
    let size = try pixels(arguments[size])
    if let path = arguments[film], !path.hasSuffix(".png"), !path.hasSuffix(".apng") {
      throw UsageError.conflict("--save \(path): films are written as animated PNG; give a name that ends with .apng")
    }
    let isSaving = arguments[film] != nil || arguments[frames] != nil
    let isTerminal = FileDescriptor.standardOutput.isTerminal
    let source = try PolicyOptions(arguments, orFile: recorded?.policyPath)
    let options = try EnvironmentOptions(arguments, resuming: try recorded?.record())
    let environment = try options.startForShow(isSaving ? [.frame] : isTerminal ? [.text, .frame] : [])
    defer { environment.close() }
    if isSaving, environment.renderMode == nil {
      throw UsageError.conflict(
        "\(options.command) draws no frames (protocol/SPEC.md 15.1), so that nothing can be saved of it")
    }
    let wrapped = try source.wrappers.wrap(environment)
    let policy = try source.start(for: wrapped)
    defer { source.close() }
    let player = Player(
      policy, in: environment, through: wrapped, seed: UInt64(arguments[seed]), isDeterministic: !arguments[samples])
    let rate = (environment.framesPerSecond ?? 30) * arguments[speed]
    let files =
      isSaving ? try FilmFiles(path: arguments[film], directory: arguments[frames], framesPerSecond: rate) : nil
    let theatre = Theatre(player, files, size: size, rate: rate, speed: arguments[speed])
    if isTerminal {
      try theatre.show(episodes: arguments[episodes] ?? (isSaving ? 1 : Int.max))
    } else {
      try theatre.run(episodes: arguments[episodes] ?? 1)
    }
    try files?.finish()
    return Interruption.isRequested ? Interruption.exitStatus : 0
  }

  private static func pixels(_ text: String) throws(UsageError) -> RenderSize {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], RenderSize.sides.contains(width),
      RenderSize.sides.contains(height)
    else {
      throw .conflict(
        "--size \(text) has to be a width and a height from 1 to \(RenderSize.sides.upperBound), such as 600x400")
    }
    return RenderSize(rows: height, columns: width)
  }
}
