import CommandLineOptions
import GymwireIO
import PolicyGradients

/// `pgagent work`: acts in environments on this machine for a `pgagent train` elsewhere.
enum WorkCommand {
  static let command = Command(
    "work", summary: "Act in environments on this machine for a training run elsewhere, through stdin and stdout.",
    details: """
      Example: pgagent train --workers 4 --worker-cmd "ssh -T node{} pgagent work --env-cmd ./sim"
      pgagent train starts it, here or through ssh, srun, docker or kubectl, and says how many sub-environments it is to
      have. It ends when its input ends, or when nobody is left who reads its output.
      protocol/WORKERS.md is the rule book.
      """,
    groups: [EnvironmentOptions.group], run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let options = try EnvironmentOptions(arguments)
    var started: RemoteVectorEnvironment?
    defer { started?.close() }
    var server = WorkerServer(name: "pgagent") { wanted in
      let environment = try options.start(environments: wanted)
      started = environment
      return try options.blaming { try LocalWorker(environment) }
    }
    server.spinning = IdleOption.spinning(arguments)
    return server.run()
  }
}
