import CommandLineOptions
import Environments
import Gymwire
import GymwireIO
import PolicyGradients

/// `pgagent train`: learns a policy in the environments of a command, and writes the run to a directory.
enum TrainCommand {
  static let directory = Option(
    "out", .directory(), defaultText: "runs/ENV-ALGO-SEED, numbered where that exists already",
    help: "The run's directory: config.json, metrics.jsonl, metrics.csv, checkpoint.json and policy.json go there.")
  static let resumed = Option(
    "resume", .directory(), defaultText: "a new run",
    help: """
      Go on with the run in DIR from its checkpoint, with its settings; --epochs changes where it ends. Episodes start \
      afresh, so every run that is resumed from this checkpoint ends with the same bytes, but not with those of a run that \
      was never interrupted.
      """)

  static let report = Option(
    flag: "report",
    help: "Write report.html to the run's directory at the end, as pgagent report does. Several runs share one report.")

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
        "Run", Hyperparameters.algorithm, Hyperparameters.seed.declared, directory, resumed, StartingPolicy.path,
        EvaluationSchedule.interval,
        EvaluationSchedule.episodes, EvaluationSchedule.criterion, RecordedDialogues.files, TensorBoardLog.isWanted,
        report, WaitOption.answers),
      OptionGroup("Episodes", EpisodeKnobs.options, EpisodeKnobs.curriculum, EpisodeKnobs.information),
      SweepOptions.group, ShapingOptions.group, WrapperOptions.group, WorkerOptions.group,
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
    var settings = try Hyperparameters.training.values(arguments)
    let start = try StartingPolicy.snapshot(arguments, .training, fitting: &settings)
    let shaping = try ShapingOptions.shaping(arguments)
    let wrappers = try WrapperOptions.wrappers(arguments, startingFrom: start)
    let recorded = try RecordedDialogues.paths(arguments, settings.algorithm)
    let knobs = try EpisodeKnobs(arguments, hasCurriculum: true)
    let curriculum = try knobs.lessons()
    let criterion = arguments[EvaluationSchedule.criterion]
    if let criterion, !knobs.metrics.contains(where: { $0.text == criterion }) {
      throw UsageError.conflict("--best-by \(criterion) needs --log-info \(criterion)")
    }
    // Before the environment starts, which may take long: who comes second is told at once.
    let claim = try arguments[directory].map { (path) throws(UsageError) in try RunClaim.new(path) }

    let workers = try WorkerOptions(arguments)
    if workers != nil { try knobs.refuseWorkers(wrappers) }
    let environments = try EnvironmentOptions(
      arguments, isNeeded: workers?.record.command == nil, sending: knobs.templates())
    let wait = try WaitOption.count(arguments, of: environments.processCount, workers: workers?.record.count)
    let environment = try RunEnvironments.start(environments, workers, isApart: wait != nil)
    defer { environment.close() }
    try EpisodeKnobs.reportUnknown(knobs.templates(), by: environment.firstProcess)
    environment.choose(curriculum)
    let groups = try environment.groups.map(wrappers.wrap)
    let trainer = try environments.blaming {
      try Interruption.endingAtOnce {
        try Trainer(
          settings, environments: groups, shaping: shaping, curriculum: curriculum,
          info: knobs.followed(by: curriculum), wrappers: wrappers, firstAnswers: environment.firstAnswers(wait),
          lateWorkers: workers?.record.late ?? 0,
          usesHelperThread: usesHelperThread, isInterrupted: { Interruption.isRequested })
      }
    }
    try begin(trainer, with: start, in: groups)
    try RecordedDialogues.read(recorded, for: trainer.settings, trainer.recordedExperience)
    try environment.prepare(trainer.settings)
    let record = RunRecord(
      environmentCommand: environments.command, environmentID: environment.spec.id,
      environmentCount: environment.count, processCount: environments.processCount,
      evaluationInterval: arguments[EvaluationSchedule.interval],
      evaluationEpisodes: arguments[EvaluationSchedule.episodes],
      programVersion: ProtocolConstants.softwareVersion, configuration: trainer.settings, shaping: shaping,
      tensorBoard: arguments[TensorBoardLog.isWanted] ? true : nil,
      wait: wait, restarts: environments.restarts, recordedDialogues: recorded.isEmpty ? nil : recorded,
      workers: workers?.record, startingPolicy: arguments[StartingPolicy.path],
      wrappers: wrappers.isEmpty ? nil : wrappers, options: knobs.options,
      curriculum: knobs.curriculum, info: knobs.information, criterion: criterion,
      furtherColumns: try knobs.columns() + (workers?.columns(trainer, isApart: wait != nil) ?? []))
    let schedule = try evaluations(record, environments, knobs, best: nil)
    defer { schedule?.close() }
    let name = "\(RunName.component(environment.spec.id))-\(settings.algorithm.name)-\(settings.seed)"
    let directory = try RunDirectory.create(claim ?? .numbered("runs/\(name)"), record)
    for remark in RunSize.remarks(
      trainer, environment, environments, isCountGiven: arguments.isGiven(EnvironmentOptions.environmentCount))
    {
      StandardStreams.report(remark)
    }
    return try finish(
      TrainingRun(trainer, in: environment, directory, record, schedule, knobs), directory.path, arguments)
  }

  private static func resume(_ path: String, _ arguments: Arguments) throws -> Int32 {
    try Hyperparameters.training.refuseChanges(
      of: path, arguments, allowing: [RunSettings.epochs.name],
      alsoFixed: [
        ("out", arguments.isGiven(directory)), ("policy", arguments.isGiven(StartingPolicy.path)),
        ("seeds", arguments.isGiven(SweepOptions.seeds)),
        ("grid", arguments.isGiven(SweepOptions.grid)), ("jobs", arguments.isGiven(SweepOptions.jobs)),
        ("num-envs", arguments.isGiven(EnvironmentOptions.environmentCount)),
        ("eval-interval", arguments.isGiven(EvaluationSchedule.interval)),
        ("eval-episodes", arguments.isGiven(EvaluationSchedule.episodes)),
        ("best-by", arguments.isGiven(EvaluationSchedule.criterion)),
        ("replay-from", arguments.isGiven(RecordedDialogues.files)),
      ] + ShapingOptions.given(arguments) + WrapperOptions.given(arguments) + EpisodeKnobs.given(arguments))
    var (directory, record, checkpoint, best) = try RunDirectory.resume(path, as: RunRecord.self)
    if let epochs = Hyperparameters.training.given(arguments).first(where: { $0.name == RunSettings.epochs.name }) {
      try extend(&record, &checkpoint, to: epochs.content, path)
      try directory.write(record)
    }
    if arguments[TensorBoardLog.isWanted] { record.tensorBoard = true }
    let knobs = try EpisodeKnobs(resuming: record)
    let curriculum = try knobs.lessons()
    let workers = try WorkerOptions(arguments, resuming: record.workers)
    if workers != nil { try knobs.refuseWorkers(record.wrappers ?? Wrappers()) }
    record.workers = workers?.record
    let environments = try EnvironmentOptions(
      arguments, resuming: record, isNeeded: workers?.record.command == nil, sending: knobs.templates())
    record.wait = try WaitOption.count(
      arguments, of: environments.processCount, resuming: record.wait, workers: workers?.record.count)
    let environment = try RunEnvironments.start(environments, workers, isApart: record.wait != nil)
    defer { environment.close() }
    try EpisodeKnobs.reportUnknown(knobs.templates(), by: environment.firstProcess)
    environment.choose(curriculum)
    let groups = try environment.groups.map((record.wrappers ?? Wrappers()).wrap)
    let trainer = try Interruption.endingAtOnce {
      let trainer = try Self.trainer(
        record, checkpoint, of: path, groups, curriculum, knobs, environment.firstAnswers(record.wait))
      if let checkpoint {
        try directory.read(checkpoint, into: trainer.agent)
      } else {
        try begin(
          trainer, with: record.startingPolicy.map { try PolicyFileReader(path: $0).readSnapshot() }, in: groups)
        try RecordedDialogues.read(record.recordedDialogues ?? [], for: trainer.settings, trainer.recordedExperience)
      }
      return trainer
    }
    try environment.prepare(trainer.settings)
    let schedule = try evaluations(record, environments, knobs, best: best)
    defer { schedule?.close() }
    return try finish(
      TrainingRun(trainer, in: environment, directory, record, schedule, knobs), directory.path, arguments)
  }

  /// Lets a trainer begin with what another has learned, if anything.
  private static func begin(
    _ trainer: Trainer, with snapshot: PolicySnapshot?, in groups: [any VectorEnvironment]
  ) throws {
    guard let snapshot, let first = groups.first else { return }
    try PolicyOptions.require(snapshot.makePolicy(), fits: first)
    try trainer.agent.load(snapshot)
  }

  /// Gives a run another number of epochs, and says what becomes of its learning rates.
  private static func extend(
    _ record: inout RunRecord, _ checkpoint: inout Checkpoint?, to content: SettingContent, _ path: String
  ) throws {
    let before = record.configuration.epochs
    try record.configuration.set(RunSettings.epochs.name, to: content)
    let (epochs, done) = (record.configuration.epochs, checkpoint?.epoch ?? 0)
    guard epochs >= done else {
      throw UsageError.conflict("--epochs \(epochs): \(path) has \(done) epochs behind it; give at least as many")
    }
    checkpoint?.setEpochs(epochs)
    guard epochs != before else { return }
    let decay = OptimizationSettings.learningRateDecay
    let falls = record.configuration.declares(decay) && record.configuration[decay] == .linear
    StandardStreams.report(
      "\(path) goes on to epoch \(epochs) instead of \(before); its learning rates "
        + (falls
          ? "go on at \((100 * (1 - Double(done) / Double(epochs))).fixed(0)) % of what they began with, "
            + "as they would be there in a run of \(epochs) epochs" : "stay as they are"))
  }

  private static func finish(_ run: TrainingRun, _ path: String, _ arguments: Arguments) throws -> Int32 {
    let status = try run.finish()
    guard !Interruption.isRequested else { return status }
    let record = try RecordedRun(path).record()
    // Where workers have environments of their own, there may be none here that could be filmed.
    if !record.environmentCommand.isEmpty { try run.film(EnvironmentOptions(arguments, resuming: record)) }
    if arguments[report] {
      try ReportCommand.write(
        [path], to: path + "/report.html", episodes: ReportCommand.standardEpisodes, arguments)
    }
    return status
  }

  /// One that goes on from the checkpoint of the run in `path`, or from the beginning where there is none yet.
  private static func trainer(
    _ record: RunRecord, _ checkpoint: Checkpoint?, of path: String, _ groups: [any VectorEnvironment],
    _ curriculum: Curriculum?, _ knobs: EpisodeKnobs, _ firstAnswers: FirstAnswers?
  ) throws -> Trainer {
    let followed = knobs.followed(by: curriculum)
    let wrappers = record.wrappers ?? Wrappers()
    guard let checkpoint else {
      return try Trainer(
        record.configuration, environments: groups, shaping: record.shaping, curriculum: curriculum,
        info: followed, wrappers: wrappers, firstAnswers: firstAnswers, lateWorkers: record.workers?.late ?? 0,
        usesHelperThread: usesHelperThread, isInterrupted: { Interruption.isRequested })
    }
    return try UnusableFile.namingCheckpoint(of: path) { () throws(TrainingError) in
      try Trainer(
        resuming: checkpoint, environments: groups, shaping: record.shaping, curriculum: curriculum,
        info: followed, wrappers: wrappers, firstAnswers: firstAnswers, lateWorkers: record.workers?.late ?? 0,
        usesHelperThread: usesHelperThread, isInterrupted: { Interruption.isRequested })
    }
  }

  private static func evaluations(
    _ record: RunRecord, _ environments: EnvironmentOptions, _ knobs: EpisodeKnobs, best: EvaluationRow?
  ) throws -> EvaluationSchedule? {
    guard record.evaluationInterval > 0 else { return nil }
    guard !environments.command.isEmpty else {
      throw UsageError.conflict(
        "--eval-interval plays on this machine, and needs the command of an environment here: give --env-cmd too")
    }
    let environment = try environments.start(isRecorded: false, cutsEpisodes: false)
    environment.episodeOptions = try knobs.lastLesson()
    return try EvaluationSchedule(
      environment, record.wrappers ?? Wrappers(), interval: record.evaluationInterval,
      episodes: record.evaluationEpisodes, knobs.metrics,
      criterion: record.criterion, best: best)
  }
}
