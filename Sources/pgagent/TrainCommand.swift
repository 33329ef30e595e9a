import CommandLineOptions
import Environments
import Gymwire
import GymwireIO
import PolicyGradients

/// `pgagent train`: learns a policy in the environments of a command, and writes the run to a directory.
enum TrainCommand {
  static let algorithm = Option(
    "algo", .choice(AlgorithmCatalog.all.map(\.name)), default: AlgorithmCatalog.standard.name,
    help: AlgorithmCatalog.all.map { "\($0.name): \($0.summary)." }.joined(separator: " "))
  static let seed = Option(
    "seed", .seed(), default: 0, help: "The seed of all randomness; the same seed gives the same bytes.")
  static let directory = Option(
    "out", .directory(), defaultText: "runs/ENV-ALGO-SEED, numbered where that holds a run already",
    help: "Where to write config.json, metrics.jsonl, metrics.csv and policy.json.")

  static let command = Command(
    "train", summary: "Learn a policy in an environment, and write it to a file.",
    details: """
      Example: pgagent --env-cmd cartpole-server --seed 3 --out run3
      Ctrl-C stops after the step under way and keeps what has been learned.
      """,
    groups: [EnvironmentOptions.group, OptionGroup("Run", algorithm, seed, directory)] + Hyperparameters.groups,
    run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let algorithm = AlgorithmCatalog.algorithm(named: arguments[algorithm]) ?? AlgorithmCatalog.standard
    var configuration = algorithm.configuration
    configuration.seed = UInt64(arguments[seed])
    Hyperparameters.apply(arguments, to: &configuration)
    do throws(TrainingError) { try configuration.validate() } catch { throw UsageError.conflict(error.description) }
    if let path = arguments[directory] { try RunDirectory.requireUnused(path) }

    let environment = try EnvironmentOptions.start(arguments)
    defer { environment.close() }
    let trainer = try Trainer(configuration, environments: [environment])
    let name = "\(environment.spec.id ?? "environment")-\(configuration.algorithm)-\(configuration.seed)"
    let directory = try RunDirectory(arguments[directory] ?? RunDirectory.free("runs/\(name)"))
    try directory.write(
      RunRecord(
        environmentCommand: arguments[EnvironmentOptions.command], environmentID: environment.spec.id,
        environmentCount: environment.count, processCount: arguments[EnvironmentOptions.processCount],
        programVersion: ProtocolConstants.softwareVersion, configuration: configuration))
    return try train(trainer, into: directory)
  }

  /// Runs the epochs; whatever ends them, what has been learned is on the disk afterwards.
  private static func train(_ trainer: Trainer, into directory: RunDirectory) throws -> Int32 {
    var progress = ProgressLine(epochs: trainer.configuration.epochs)
    let start = ContinuousClock.now
    let isComplete: Bool
    do {
      isComplete = try trainer.run(shouldStop: { Interruption.isRequested }) { metrics in
        try directory.append(MetricsRow(metrics, seconds: start.duration(to: .now) / .seconds(1)))
        progress.show(epoch: metrics.epoch + 1, steps: metrics.environmentSteps, meanReturn: metrics.meanReturn)
      }
    } catch {
      progress.finish()
      try directory.write(trainer.snapshot())
      StandardStreams.report("what was learned until now is in \(directory.policyPath)")
      guard Interruption.isRequested else { throw error }
      return Interruption.exitStatus
    }
    progress.finish()
    try directory.write(trainer.snapshot())
    let ending =
      isComplete
      ? "" : "stopped by \(Interruption.signalName ?? "a signal") after \(trainer.environmentSteps.grouped) steps; "
    StandardStreams.report("\(ending)policy written to \(directory.policyPath)")
    return isComplete ? 0 : Interruption.exitStatus
  }
}
