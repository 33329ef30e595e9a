import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients

/// Which workers act for a run, as the command line says.
struct WorkerOptions {
  static let counts = 0...1024
  static let threadCounts = 0...256
  static let lateCounts = 0...1023
  static let count = Option(
    "workers", .integer(in: counts), default: 0,
    help: """
      How many workers act in their own environments and send back the results; with 0 this process acts itself. They share the \
      sub-environments of --num-envs, and the run is the same to the byte with any number of them. A worker of an \
      off-policy algorithm is asked for the steps of --train-freq at once. --overlap on lets workers act while the agent \
      updates, which still gives the same bytes with any number of them. --wait first:K lets none wait for another, and the \
      timing decides.
      """)
  static let command = Option(
    "worker-cmd", .commandLine(), defaultText: "pgagent work with this run's --env-cmd, on this machine",
    help: """
      The command that starts a worker, in which {} stands for its number, from 0: such as \
      "ssh -T node{} pgagent work --env-cmd ./sim".
      """)
  static let restarts = Option(
    "worker-restarts", .integer(in: RestartOptions.counts), default: 0,
    help: """
      How often each worker that dies, hangs or breaks the protocol is replaced. What it had collected for the update under \
      way is lost, and collected again in new episodes.
      """)
  static let limit = Option(
    "worker-timeout", EnvironmentOptions.seconds, default: 600,
    help: "How long a worker may take for its steps of one update, or for a reset.")

  static let threads = Option(
    "threads", .integer(in: threadCounts), default: 0,
    help: """
      For a3c and dppo: how many threads of this process act and compute gradients, each with its own --env-cmd \
      processes; 0 for none.
      """)
  static let late = Option(
    "late-workers", .integer("D", in: lateCounts), default: 0,
    help: """
      For dppo: how many workers or threads a step may leave behind instead of waiting for them. The metrics count the \
      steps whose gradients were used; how many these are does not depend on who is late.
      """)

  static let group = OptionGroup("Workers", count, command, restarts, limit, threads, late)

  /// What `config.json` keeps.
  let record: Record
  private let limit: Duration
  private let startLimit: Duration
  private let environmentWords: [String]
  private let showsErrors: Bool

  /// What is kept of a run's workers.
  struct Record: Codable {
    /// How many there are.
    var count: Int
    /// The command, with `{}` in it; nil for the usual one on this machine.
    var command: String?
    /// How often each is replaced.
    var restarts: Int
    /// How many threads there are instead of processes; nil for none.
    var threads: Int?
    /// How many of them no step waits for; nil for none.
    var late: Int?
  }

  /// Reads the command line; nil where there are no workers.
  ///
  /// - Parameter old: what the recorded run had, which holds where the command line says nothing.
  init?(_ arguments: Arguments, resuming old: Record? = nil) throws(UsageError) {
    let given = arguments.isGiven(Self.count) ? arguments[Self.count] : old?.count
    let command = arguments[Self.command] ?? old?.command
    let threads = arguments.isGiven(Self.threads) ? arguments[Self.threads] : old?.threads ?? 0
    let number = threads > 0 ? threads : given ?? (command == nil ? 0 : 1)
    guard threads == 0 || given ?? 0 == 0 && command == nil else {
      throw .conflict("--threads act in this process and --workers in others; give one of them")
    }
    guard number > 0 else {
      guard command == nil || old != nil else {
        throw .conflict("--worker-cmd starts workers, but --workers is 0; leave one of them out")
      }
      guard !arguments.isGiven(Self.late) || arguments[Self.late] == 0 else {
        throw .conflict("--late-workers is about workers, and there are none; give --workers or --threads too")
      }
      return nil
    }
    record = Record(
      count: number, command: command,
      restarts: arguments.isGiven(Self.restarts) ? arguments[Self.restarts] : old?.restarts ?? 0,
      threads: threads > 0 ? threads : nil, late: arguments.isGiven(Self.late) ? arguments[Self.late] : old?.late)
    limit = .seconds(arguments[Self.limit])
    startLimit = .seconds(arguments[EnvironmentOptions.startLimit])
    showsErrors = arguments[EnvironmentOptions.showsErrors]
    // What is said of environments on this command line is about those of the usual workers.
    let passed: [any DeclaredOption] =
      [EnvironmentOptions.usesBase64, EnvironmentOptions.startLimit, EnvironmentOptions.stepLimit] + RestartOptions.all
    environmentWords = arguments.words(of: passed)
  }

  /// Starts the workers, which share so many sub-environments as evenly as possible.
  ///
  /// - Parameter environmentCommand: what the usual command of a worker has for `--env-cmd`.
  func start(environments: Int, environmentCommand: String) throws -> [RemoteWorker] {
    let count = record.count
    let options = try (0..<count).map { (number) throws(UsageError) in
      var options = RemoteWorker.Options(command: try words(number, environmentCommand))
      options.number = number
      options.wantedEnvironments = share(number, of: environments)
      options.startLimit = startLimit
      options.workLimit = limit
      options.connection.showsStandardError = showsErrors
      options.restarts.limit = record.restarts
      return options
    }
    return try RemoteWorker.start(options) { observations, actions in
      try AgentTask(observationSpace: observations, actionSpace: actions).actionWidth
    }
  }

  /// The columns of the metrics that say how old the policies were that have acted, where any was not the latest.
  func columns(_ trainer: Trainer, isApart: Bool) -> [String] {
    trainer.settings.algorithm.kind == .offPolicy && (isApart || trainer.agent.schedule.overlapsSteps)
      ? ["policy_version", "staleness"] : []
  }

  /// How many of so many sub-environments a worker has.
  func share(_ number: Int, of environments: Int) -> Int {
    max(1, environments / record.count + (number < environments % record.count ? 1 : 0))
  }

  private func words(_ number: Int, _ environmentCommand: String) throws(UsageError) -> [String] {
    guard let command = record.command else {
      return ["pgagent", "work", "--env-cmd", environmentCommand] + environmentWords
    }
    return try EnvironmentOptions.words(of: command, option: "--worker-cmd").map {
      $0.replacing("{}", with: "\(number)")
    }
  }
}
