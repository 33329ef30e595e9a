import CommandLineOptions
import Gymwire
import GymwireIO

/// `pgagent`: trains and evaluates policies on whatever environment a process serves, and serves them in turn.
@main
struct Main {
  static let program = Program(
    "pgagent", version: ProtocolConstants.softwareVersion,
    summary: "Policy gradients on any environment that speaks Gymwire over standard input and output.",
    defaultCommand: TrainCommand.command,
    essentials: [
      EnvironmentOptions.command, EnvironmentOptions.gymnasium, EnvironmentOptions.environmentCount,
      EnvironmentOptions.processCount, Hyperparameters.algorithm, Hyperparameters.seed.declared, TrainCommand.directory,
      TrainCommand.resumed, EvaluationSchedule.interval, SweepOptions.seeds, TrainCommand.report,
    ],
    otherCommands: [
      AlgorithmsCommand.command, EvaluateCommand.command, WatchCommand.command, PlayCommand.command,
      ReportCommand.command, CompareCommand.command, ServeCommand.command, ExportCommand.command, LearnCommand.command,
      CloneCommand.command, WorkCommand.command, BenchCommand.command, CheckCommand.command, ReplayCommand.command,
    ])

  /// What no command can do anything with: a program that cannot be started, or that is not installed for `--gym`.
  static func usageError(_ error: any Error) -> UsageError? {
    if Interruption.isRequested { return nil }
    if let error = error as? ChildProcessError, error.reason != .system { return .conflict(error.description) }
    return (error as? GymnasiumError).map { .conflict($0.description) }
  }

  static func main() {
    StandardStreams.ignoreBrokenPipes()
    Interruption.install()
    program.runAndExit(
      recognizing: usageError,
      // Whatever fails after a request to stop, the request is why this program ends.
      statusOf: { _ in Interruption.isRequested ? Interruption.exitStatus : 1 },
      showing: VisibleText.lines)
  }
}
