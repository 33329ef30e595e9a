import ClassicControl
import CommandLineOptions
import Environments
import Gymwire
import GymwireIO

/// `swingup-server`: CartPoleSwingUp-v0 and -v1 over standard input and output.
@main
struct Main {
  static let id = Option(
    "id", .choice(EnvironmentCatalog.versions(of: "CartPoleSwingUp")), default: "CartPoleSwingUp-v0",
    help: "Which environment to serve: reward cos θ (v0) or (1 + cos θ) / 2 (v1); the dynamics are the same.")

  static let program = Program(
    version: ProtocolConstants.softwareVersion,
    Command(
      "swingup-server",
      summary: "Swing a hanging pole up and hold it: serves CartPoleSwingUp over standard input and output.",
      details: """
        It speaks Gymwire 1: one JSON object per line. Give it to an agent,
          pgagent --env-cmd swingup-server
        The option state of a reset sets position, velocity, angle (0 is up) and angular velocity. The info of an
        episode's end tells upright, the part of its steps that ended within 26 degrees of upright.
        """,
      groups: [OptionGroup("Environment", id), ListeningOptions.group]
    ) { arguments in
      EnvironmentServer(name: "swingup-server", try EnvironmentCatalog.entry(arguments[id]).make(1)).run(
        listeningAt: arguments[ListeningOptions.address], isPublic: arguments[ListeningOptions.isPublic])
    })

  static func main() { program.runAndExit() }
}
