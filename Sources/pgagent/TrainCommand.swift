import CommandLineOptions
import Environments
import Gymwire
import GymwireIO
import PolicyGradients

/// `pgagent train`: learns a policy in the environments of a command, and writes the run to a directory.
enum TrainCommand {
  static let directory = Option(
    "out", .directory(), defaultText: "runs/ENV-ALGO-SEED, numbered where that exists already",
    help: "Where to write config.json, metrics.jsonl, metrics.csv, checkpoint.json and policy.json.")
  static let resumed = Option(
    "resume", .directory(), defaultText: "a new run",
    help: """
      Go on with the run in DIR from its checkpoint, with its settings. Every episode begins anew, so that the end is \
      the same to the byte whenever it goes on from there, and not that of a run which was never interrupted.
      """)

  static let report = Option(
    flag: "report",
    help: "Write report.html to the run's directory at the end, as pgagent report does; of many runs, one about all.")

  static let command = Command(
    "train", summary: "Learn a policy in an environment, and write it to a file.",
    details: """
      Examples: pgagent --env-cmd cartpole-server --seed 3 --out run3
                pgagent --resume run3
                pgagent --env-cmd cartpole-server --seeds 5 --grid pi-lr=1e-3,3e-3
      Ctrl-C stops after the step under way and keeps what has been learned.
      """,
    groups: [
      EnvironmentOptions.group,
      OptionGroup(
        "Run", Hyperparameters.algorithm, Hyperparameters.seed.declared, directory, resumed,
        EvaluationSchedule.interval,
        EvaluationSchedule.episodes, RecordedDialogues.files, TensorBoardLog.isWanted, report),
      SweepOptions.group, ShapingOptions.group, WorkerOptions.group,
    ],
    variants: Hyperparameters.training.variants,
    run: { arguments in
      guard let path = arguments[resumed] else {
        return try SweepOptions.areGiven(arguments) ? Sweep.begin(arguments) : begin(arguments)
      }
      return try SweepRecord.exists(in: path) ? Sweep.resume(path, arguments) : resume(path, arguments)
    })

  /// A second thread changes no bit of the results, only how soon they come.
  private static let usesHelperThread = Processors.available > 1

  private static func begin(_ arguments: Arguments) throws -> Int32 {
    guard !arguments.isGiven(SweepOptions.jobs) else {
      throw UsageError.conflict("--jobs says how many runs go on at once, and this is one: give --seeds or --grid too")
    }
    let settings = try Hyperparameters.training.values(arguments)
    let shaping = try ShapingOptions.shaping(arguments)
    let recorded = try RecordedDialogues.paths(arguments, settings.algorithm)
    // Before the environment starts, which may take long: who comes second is told at once.
    let claim = try arguments[directory].map { (path) throws(UsageError) in try RunClaim.new(path) }

    let workers = try WorkerOptions(arguments)
    let environments = try EnvironmentOptions(arguments, isNeeded: workers?.record.command == nil)
    let environment = try RunEnvironments.start(environments, workers)
    defer { environment.close() }
    let trainer = try environments.blaming {
      try Interruption.endingAtOnce {
        try Trainer(
          settings, environments: environment.groups, shaping: shaping, usesHelperThread: usesHelperThread,
          isInterrupted: { Interruption.isRequested })
      }
    }
    try RecordedDialogues.read(recorded, for: trainer.settings, trainer.recordedExperience)
    try environment.prepare(trainer.settings)
    let record = RunRecord(
      environmentCommand: environments.command, environmentID: environment.spec.id,
      environmentCount: environment.count, processCount: environments.processCount,
      evaluationInterval: arguments[EvaluationSchedule.interval],
      evaluationEpisodes: arguments[EvaluationSchedule.episodes],
      programVersion: ProtocolConstants.softwareVersion, configuration: trainer.settings, shaping: shaping,
      tensorBoard: arguments[TensorBoardLog.isWanted] ? true : nil,
      restarts: environments.restarts, recordedDialogues: recorded.isEmpty ? nil : recorded,
      workers: workers?.record)
    let schedule = try evaluations(record, environments, best: nil)
    defer { schedule?.close() }
    let name = "\(RunName.component(environment.spec.id))-\(settings.algorithm.name)-\(settings.seed)"
    let directory = try RunDirectory.create(claim ?? .numbered("runs/\(name)"), record)
    return try finish(TrainingRun(trainer, in: environment, directory, record, schedule), directory.path, arguments)
  }

  private static func resume(_ path: String, _ arguments: Arguments) throws -> Int32 {
    try Hyperparameters.training.refuseChanges(
      of: path, arguments,
      alsoFixed: [
        ("out", arguments.isGiven(directory)),
        ("seeds", arguments.isGiven(SweepOptions.seeds)),
        ("grid", arguments.isGiven(SweepOptions.grid)), ("jobs", arguments.isGiven(SweepOptions.jobs)),
        ("num-envs", arguments.isGiven(EnvironmentOptions.environmentCount)),
        ("eval-interval", arguments.isGiven(EvaluationSchedule.interval)),
        ("eval-episodes", arguments.isGiven(EvaluationSchedule.episodes)),
        ("replay-from", arguments.isGiven(RecordedDialogues.files)),
      ] + ShapingOptions.given(arguments))
    var (directory, record, checkpoint, best) = try RunDirectory.resume(path, as: RunRecord.self)
    if arguments[TensorBoardLog.isWanted] { record.tensorBoard = true }
    let workers = try WorkerOptions(arguments, resuming: record.workers)
    record.workers = workers?.record
    let environments = try EnvironmentOptions(
      arguments, resuming: record, isNeeded: workers?.record.command == nil)
    let environment = try RunEnvironments.start(environments, workers)
    defer { environment.close() }
    let trainer = try Interruption.endingAtOnce {
      let trainer = try Self.trainer(record, checkpoint, of: path, environment)
      if let checkpoint {
        try directory.read(checkpoint, into: trainer.agent)
      } else {
        try RecordedDialogues.read(record.recordedDialogues ?? [], for: trainer.settings, trainer.recordedExperience)
      }
      return trainer
    }
    try environment.prepare(trainer.settings)
    let schedule = try evaluations(record, environments, best: best)
    defer { schedule?.close() }
    return try finish(TrainingRun(trainer, in: environment, directory, record, schedule), directory.path, arguments)
  }

  private static func finish(_ run: TrainingRun, _ path: String, _ arguments: Arguments) throws -> Int32 {
    let status = try run.finish()
    guard !Interruption.isRequested else { return status }
    try run.film(EnvironmentOptions(arguments, resuming: RecordedRun(path).record()))
    if arguments[report] {
      try ReportCommand.write(
        [path], to: path + "/report.html", episodes: ReportCommand.standardEpisodes, arguments)
    }
    return status
  }

  /// One that goes on from the checkpoint of the run in `path`, or from the beginning where there is none yet.
  private static func trainer(
    _ record: RunRecord, _ checkpoint: Checkpoint?, of path: String, _ environment: RunEnvironments
  ) throws -> Trainer {
    guard let checkpoint else {
      return try Trainer(
        record.configuration, environments: environment.groups, shaping: record.shaping,
        usesHelperThread: usesHelperThread,
        isInterrupted: { Interruption.isRequested })
    }
    return try UnusableFile.namingCheckpoint(of: path) { () throws(TrainingError) in
      try Trainer(
        resuming: checkpoint, environments: environment.groups, shaping: record.shaping,
        usesHelperThread: usesHelperThread,
        isInterrupted: { Interruption.isRequested })
    }
  }

  private static func evaluations(
    _ record: RunRecord, _ environments: EnvironmentOptions, best: EvaluationRow?
  ) throws -> EvaluationSchedule? {
    guard record.evaluationInterval > 0 else { return nil }
    guard !environments.command.isEmpty else {
      throw UsageError.conflict(
        "--eval-interval plays on this machine, and needs the command of an environment here: give --env-cmd too")
    }
    return EvaluationSchedule(
      try environments.start(isRecorded: false, cutsEpisodes: false), interval: record.evaluationInterval,
      episodes: record.evaluationEpisodes, best: best)
  }
}
