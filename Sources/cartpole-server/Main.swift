import ClassicControl
import CommandLineOptions
import Environments
import Gymwire
import GymwireIO

/// `cartpole-server`: CartPole-v0 and -v1 over standard input and output.
@main
struct Main {
  static let id = Option(
    "id", .choice(EnvironmentCatalog.versions(of: "CartPole")), default: "CartPole-v1",
    help: "Which registered environment to serve: episodes of at most 500 steps (v1) or 200 (v0).")
  static let suttonBartoReward = Option(
    flag: "sutton-barto-reward",
    help: "Reward 0 for every step and -1 for the one that lets the pole fall, instead of 1 for every step.")

  static let program = Program(
    version: ProtocolConstants.softwareVersion,
    Command(
      "cartpole-server",
      summary: "Balance a pole on a cart: serves CartPole over standard input and output.",
      details: """
        It speaks Gymwire 1: one JSON object per line. Give it to an agent,
          pgagent --env-cmd cartpole-server
        or type to it:
          {"id":0,"op":"hello","versions":[1]}
          {"id":1,"op":"reset","seed":42}
          {"id":2,"op":"step","action":1}
        Options of a reset: low and high bound the four initial numbers, state sets them.
        """,
      groups: [OptionGroup("Environment", id, suttonBartoReward), ListeningOptions.group]
    ) { arguments in
      let version = CartPole.Version(rawValue: arguments[id]) ?? .v1
      let usesSuttonBartoReward = arguments[suttonBartoReward]
      EnvironmentServer(name: "cartpole-server", neverFails: true) {
        CartPole(version, usesSuttonBartoReward: usesSuttonBartoReward).limited()
      }.run(listeningAt: arguments[ListeningOptions.address], isPublic: arguments[ListeningOptions.isPublic])
    })

  static func main() { program.runAndExit() }
}
