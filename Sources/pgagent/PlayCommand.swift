import CommandLineOptions
import Environments
import Gymwire
import GymwireIO

/// `pgagent play`: a person acts in an environment, for pleasure or to show how it is done.
enum PlayCommand {
  static let keys = Option(
    repeatable: "key", .text("KEY=ACTION"), defaultText: "digits and arrows, where there are so many choices",
    help: """
      What a key does, the action as it goes over the wire: --key a=0, --key left=[-1,0]. A key is a character, or left, \
      right, up, down, space, enter or tab.
      """)
  static let idle = Option(
    "idle", .text("ACTION"), defaultText: "the environment waits for a key",
    help: "Let time pass: take a step --fps times a second, and this action where no key was hit.")
  static let rate = Option(
    "fps", .number("STEPS", above: 0, upTo: 1000), defaultText: "the environment's own pictures in a second, or 30",
    help: "How many steps a second has, with --idle.")
  static let episodes = Option(
    "episodes", .integer(in: 1...1_000_000), defaultText: "until q is hit or no more keys come",
    help: "How many episodes to play.")
  static let seed = Option(
    "seed", .seed(), default: 0, help: "The seed of the first episode; those after it have the ones that follow.")

  static let command = Command(
    "play", summary: "Act in an environment by keys, and record it for clone.",
    details: """
      Examples: pgagent play --env-cmd cartpole-server --idle 0 --fps 10 --record said.txt
                pgagent play --env-cmd ./my-robot --key w=[1,0] --key s=[-1,0] --idle [0,0]
      q ends it. The environment draws itself (protocol/SPEC.md, section 15); where it does not, its numbers are shown.
      Where standard input is no terminal, its characters are the keys, one for each step, line ends left out.
      pgagent clone makes a policy of what was recorded.
      """,
    groups: [EnvironmentOptions.group, OptionGroup("Play", keys, idle, rate, episodes, seed)], run: play)

  private static func play(_ arguments: Arguments) throws -> Int32 {
    let isTerminal = FileDescriptor.standardOutput.isTerminal && FileDescriptor.standardInput.isTerminal
    let environment = try EnvironmentOptions(arguments).startForShow(isTerminal ? [.text, .frame] : [])
    defer { environment.close() }
    let bindings = try KeyBindings(arguments[keys], for: environment.actionSpace)
    let idleAction = try arguments[idle].map { (text) throws(UsageError) in
      try KeyBindings.action(text, of: environment.actionSpace, option: "--idle")
    }
    let policy = KeyedPolicy(observationSpace: environment.observationSpace, actionSpace: environment.actionSpace)
    let player = Player(policy, in: environment, seed: UInt64(arguments[seed]), isDeterministic: true)
    let rate = arguments[rate] ?? environment.framesPerSecond ?? 30
    let stage = Stage(player, policy, bindings, idle: idleAction, delay: .seconds(1 / rate))
    if isTerminal {
      try stage.show(episodes: arguments[episodes] ?? .max)
    } else {
      try stage.run(episodes: arguments[episodes] ?? .max)
    }
    return Interruption.isRequested ? Interruption.exitStatus : 0
  }
}
