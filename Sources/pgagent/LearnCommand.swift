import CommandLineOptions
import Environments
import Gymwire
import GymwireIO
import PolicyGradients

/// `pgagent learn`: learns while another program owns the loop, asks for actions and reports rewards.
enum LearnCommand {
  static let directory = Option(
    "out", .directory(), defaultText: "runs/learner-ALGO-SEED, numbered where that exists already",
    help: "Where to write config.json, metrics.jsonl, metrics.csv, checkpoint.json and policy.json.")
  static let resumed = Option(
    "resume", .directory(), defaultText: "a new run",
    help: "Go on with the run in DIR from where it was last saved, with its settings and spaces.")
  static let command = Command(
    "learn", summary: "Learn inside another program's loop, over standard input and output.",
    details: """
      Example: pgagent learn --out run3, started by your game. It tells its spaces in hello, then for each episode
        {"id":1,"op":"begin","session":"g1"}
        {"id":2,"op":"act","session":"g1","obs":[0.1,0]}
        {"id":3,"op":"act","session":"g1","reward":1,"obs":[0.2,0.1]}
        {"id":4,"op":"end","session":"g1","reward":1,"terminated":true,"truncated":false,"obs":[0.3,0.1]}
      Many sessions may be open at once, like the sub-environments of pgagent train. Updates happen inside end only.
      An off-policy algorithm makes one gradient step for each environment step there, or --gradient-steps of them.
      After the last epoch the agent still acts, but no longer learns.
      With --frame-stack it keeps the latest observations of each session itself.
      protocol/SPEC.md, section 17, is the rule book.
      Ctrl-C or the end of input saves what has been learned and ends the program.
      """,
    groups: [
      OptionGroup(
        "Run", Hyperparameters.algorithm, Hyperparameters.seed.declared, directory, resumed, StartingPolicy.path,
        RecordedDialogues.files, RecordOption.file, IdleOption.processor),
      ShapingOptions.group, WrapperOptions.sessionGroup,
    ],
    variants: Hyperparameters.learning.variants,
    run: { arguments in
      var server = try arguments[resumed].map { try resume($0, arguments) } ?? begin(arguments)
      server.spinning = IdleOption.spinning(arguments)
      server.recorder = try RecordOption.recorder(arguments)
      return server.run()
    })

  private static func begin(_ arguments: Arguments) throws -> LearnerServer {
    var settings = try Hyperparameters.learning.values(arguments)
    let shaping = try ShapingOptions.shaping(arguments)
    let recorded = try RecordedDialogues.paths(arguments, settings.algorithm)
    let claim = try arguments[directory].map { (path) throws(UsageError) in try RunClaim.new(path) }
    let snapshot = try StartingPolicy.snapshot(arguments, .learning, fitting: &settings)
    let values = settings
    let wrappers = try WrapperOptions.wrappers(arguments, startingFrom: snapshot, hasSteps: false)
    func create(_ settled: SettingValues) throws -> RunDirectory {
      try RunDirectory.create(
        claim ?? .numbered("runs/learner-\(values.algorithm.name)-\(values.seed)"),
        LearningRecord(
          configuration: settled, shaping: shaping, wrappers: wrappers.isEmpty ? nil : wrappers,
          recordedDialogues: recorded.isEmpty ? nil : recorded))
    }
    func start(_ trainer: SessionTrainer) throws -> LearningRun {
      try RecordedDialogues.read(recorded, for: trainer.settings, trainer.recordedExperience)
      return try LearningRun.begin(trainer, create(trainer.settings))
    }
    guard let snapshot else {
      return server { observations, actions, usesMasks in
        let trainer = try Interruption.endingAtOnce { () throws(TrainingError) in
          try SessionTrainer(
            values, observationSpace: observations, actionSpace: actions, shaping: shaping, wrappers: wrappers,
            usesMasks: usesMasks, isInterrupted: { Interruption.isRequested })
        }
        return try start(trainer)
      }
    }
    // A file that cannot be used is refused before anybody is waiting.
    _ = try Interruption.endingAtOnce { () throws(TrainingError) in
      try SessionTrainer(values, startingFrom: snapshot, shaping: shaping)
    }
    let observations = try snapshot.wrappers.single(snapshot.observationSpace)
    return server(ownSpaces: (observations, snapshot.actionSpace)) { _, _, usesMasks in
      let trainer = try Interruption.endingAtOnce { () throws(TrainingError) in
        try SessionTrainer(
          values, startingFrom: snapshot, shaping: shaping, usesMasks: usesMasks,
          isInterrupted: { Interruption.isRequested })
      }
      return try start(trainer)
    }
  }

  private static func resume(_ path: String, _ arguments: Arguments) throws -> LearnerServer {
    try Hyperparameters.learning.refuseChanges(
      of: path, arguments,
      alsoFixed: [
        ("out", arguments.isGiven(directory)), ("policy", arguments.isGiven(StartingPolicy.path)),
        ("replay-from", arguments.isGiven(RecordedDialogues.files)),
      ] + ShapingOptions.given(arguments) + WrapperOptions.given(arguments, hasSteps: false))
    let (directory, record, checkpoint, _) = try RunDirectory.resume(path, as: LearningRecord.self)
    guard let checkpoint else {
      return server { observations, actions, usesMasks in
        let trainer = try Interruption.endingAtOnce { () throws(TrainingError) in
          try SessionTrainer(
            record.configuration, observationSpace: observations, actionSpace: actions, shaping: record.shaping,
            wrappers: record.wrappers ?? Wrappers(), usesMasks: usesMasks, isInterrupted: { Interruption.isRequested })
        }
        try RecordedDialogues.read(record.recordedDialogues ?? [], for: trainer.settings, trainer.recordedExperience)
        return try LearningRun.begin(trainer, directory)
      }
    }
    let observations = try UnusableFile.namingCheckpoint(of: path) { () throws(TrainingError) in
      try (record.wrappers ?? Wrappers()).single(checkpoint.spaces.observations)
    }
    return server(ownSpaces: (observations, checkpoint.spaces.actions)) { _, _, usesMasks in
      let trainer = try Interruption.endingAtOnce {
        let trainer = try UnusableFile.namingCheckpoint(of: path) { () throws(TrainingError) in
          try SessionTrainer(
            resuming: checkpoint, shaping: record.shaping, wrappers: record.wrappers ?? Wrappers(),
            usesMasks: usesMasks,
            isInterrupted: { Interruption.isRequested })
        }
        try directory.read(checkpoint, into: trainer.agent)
        return trainer
      }
      return LearningRun(trainer, directory)
    }
  }

  private static func server(
    ownSpaces: (observations: Space, actions: Space)? = nil,
    make: @escaping (Space, Space, _ usesMasks: Bool) throws -> LearningRun
  ) -> LearnerServer {
    LearnerServer(name: "pgagent", ownSpaces: ownSpaces) { observations, actions, usesMasks in
      do { return try make(observations, actions, usesMasks) } catch let error as TrainingError {
        switch error {
        // Settings that suit most spaces may ask for networks that are too large for these.
        case .unsupportedSpace, .unusableSetting: throw ErrorReply(.unsupportedSpace, error.description)
        default: throw error
        }
      }
    }
  }
}
