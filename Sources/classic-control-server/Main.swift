import ClassicControl
import CommandLineOptions
import Environments
import Gymwire
import GymwireIO

/// `classic-control-server`: every native environment over standard input and output.
@main
struct Main {
  static let id = Option(
    "id", .choice(EnvironmentCatalog.entries.map(\.id)), default: "CartPole-v1", help: "Which environment to serve.")

  static let program = Program(
    version: ProtocolConstants.softwareVersion,
    Command(
      "classic-control-server",
      summary: "Serves the tasks of classic control over standard input and output.",
      details: """
        It speaks Gymwire 1: one JSON object per line. Give it to an agent,
          pgagent --env-cmd "classic-control-server --id Pendulum-v1"
        The environments:
        \(EnvironmentCatalog.entries.map { "  \($0.id): \($0.summary)" }.joined(separator: "\n"))
        The option state of a reset sets the numbers of the state.
        """,
      groups: [OptionGroup("Environment", id), ListeningOptions.group]
    ) { arguments in
      let environment = try EnvironmentCatalog.entry(arguments[id])
      EnvironmentServer(name: "classic-control-server", environment.make(1)).run(
        listeningAt: arguments[ListeningOptions.address], isPublic: arguments[ListeningOptions.isPublic])
    })

  static func main() { program.runAndExit() }
}
