import CommandLineOptions
import Gymwire
import GymwireIO
import PolicyGradients

/// Which environment processes to start and how long to wait for them, as the command line says.
struct EnvironmentOptions {
  static let command = Option(
    "env-cmd", .commandLine(), defaultText: "none; a run has its own",
    help: "The command that starts the environment's server, split into words as in a shell. No shell runs it.")
  static let gymnasium = Option(
    "gym", .text("ID"), defaultText: "none",
    help: "A Gymnasium environment, such as LunarLander-v3, instead of --env-cmd. The Python package gymwire serves it."
  )
  static let python = Option(
    "python", .commandLine("PYTHON"), default: "python3", help: "The Python that --gym runs.")
  static let makeArguments = Option(
    "make-kwargs", .text("JSON"), defaultText: "none",
    help: "Arguments for gymnasium.make with --gym, as a JSON object: settings that a reset cannot change."
  )
  static let environmentCounts = 1...65536
  static let processCounts = 1...1024
  static let environmentCount = Option(
    "num-envs", .integer(in: environmentCounts), default: 16,
    help: "How many sub-environments to ask for, over all processes. A server without the feature batch has one each."
  )
  static let processCount = Option(
    "env-procs", .integer("M", in: processCounts), default: 1,
    help: "How many processes to start with that command. They take their steps together.")
  static let usesBase64 = Option(
    flag: "b64", help: "Ask for arrays as base64 of their bytes, which is faster if observations are large.")
  /// A time limit; more than thirty years is a mistake.
  static let seconds = ValueType<Double>.number("SECONDS", above: 0, upTo: 1e9)
  static let startLimit = Option(
    "start-timeout", seconds, default: 60,
    help: "How long a process may take to say hello.")
  static let stepLimit = Option(
    "step-timeout", seconds, default: 60,
    help: "How long a process may take to answer a reset or a step.")
  static let showsErrors = Option(
    flag: "show-stderr", help: "Show what the processes write to standard error, each line with the server's name.")

  static let record = Option(
    "record", .path(), defaultText: "nowhere",
    help: """
      Record the conversation in FILE, for pgagent replay. Further processes get FILE.2, FILE.3 and so on, and the \
      conversation with --policy-cmd goes to FILE.policy.
      """)

  static let group = OptionGroup(
    "Environment",
    [
      command, gymnasium, python, makeArguments, environmentCount, processCount, usesBase64, startLimit, stepLimit,
      IdleOption.processor, showsErrors, record,
    ] + RestartOptions.all)

  /// The command as it was given.
  let command: String
  /// The number of processes.
  let processCount: Int
  private let gymnasium: GymnasiumServer?
  /// What the episodes are like of the run that is resumed or looked at.
  private let knobs: EpisodeKnobs?
  private let options: RemoteVectorEnvironment.Options
  /// How many sub-environments are wanted.
  var wantedEnvironments: Int { options.wantedEnvironments ?? 1 }
  /// What becomes of processes that fail.
  var restarts: RestartPolicy { options.restarts }

  /// Reads the command line; with `record`, whatever it does not say is as the recorded run had it.
  ///
  /// - Parameters:
  ///   - isNeeded: whether a command has to be there; where workers have environments of their own, it need not.
  ///   - sentOptions: what resets will be sent, so that servers are asked which options they take.
  init(
    _ arguments: Arguments, resuming record: RunRecord? = nil, isNeeded: Bool = true,
    sending sentOptions: [OptionTemplate] = []
  ) throws(UsageError) {
    if arguments[Self.command] != nil, arguments[Self.gymnasium] != nil {
      throw .conflict("--gym and --env-cmd both say which environment to start; give one of them")
    }
    let gymnasium = arguments[Self.gymnasium].map {
      GymnasiumServer(python: arguments[Self.python], id: $0, makeArguments: arguments[Self.makeArguments])
    }
    if gymnasium == nil, arguments[Self.makeArguments] != nil {
      throw .conflict("--make-kwargs goes with --gym; a server of --env-cmd has options of its own")
    }
    if let path = arguments[Self.record] { try NamedFile.requireWritable(path, of: "--record") }
    let nothing = isNeeded ? nil : ""
    guard let command = gymnasium?.command ?? arguments[Self.command] ?? record?.environmentCommand ?? nothing,
      !command.isEmpty || !isNeeded
    else {
      throw .conflict(
        "--env-cmd is missing: give the command of the environment's server, such as --env-cmd ./my-server")
    }
    self.gymnasium = gymnasium
    self.command = command
    knobs = try record.map { (record) throws(UsageError) in try EpisodeKnobs(resuming: record) }
    processCount =
      record.flatMap { arguments.isGiven(Self.processCount) ? nil : $0.processCount } ?? arguments[Self.processCount]
    var options = RemoteVectorEnvironment.Options(
      command: command.isEmpty ? [] : try Self.words(of: command, option: "--env-cmd"))
    options.processCount = processCount
    options.wantedEnvironments = max(record?.environmentCount ?? arguments[Self.environmentCount], processCount)
    options.wantsBase64 = arguments[Self.usesBase64]
    options.startLimit = .seconds(arguments[Self.startLimit])
    options.stepLimit = .seconds(arguments[Self.stepLimit])
    options.asksForOptions = !sentOptions.isEmpty
    options.connection.showsStandardError = arguments[Self.showsErrors]
    options.connection.spinning = IdleOption.spinning(arguments)
    options.recordPath = arguments[Self.record]
    options.restarts = RestartOptions.policy(arguments, resuming: record?.restarts)
    self.options = options
  }

  /// The words of a command that an option holds.
  static func words(of command: String, option: String) throws(UsageError) -> [String] {
    do throws(CommandLineWords.SplitError) { return try CommandLineWords.split(command) } catch {
      throw .conflict("\(option) cannot be split into words: \(error)")
    }
  }

  /// Refuses a command that cannot be started, for whoever lets other programs start it.
  func requireProgram() throws {
    if command.isEmpty { return }
    do throws(ChildProcessError) { try ChildProcess.requireProgram(of: options.command) } catch {
      throw gymnasium?.explain(error) ?? error
    }
  }

  /// Starts the processes.
  ///
  /// - Parameters:
  ///   - isRecorded: whether `--record` is about these.
  ///   - cutsEpisodes: whether a process may be replaced while some of its episodes go on.
  func start(isRecorded: Bool = true, cutsEpisodes: Bool = true) throws -> RemoteVectorEnvironment {
    var options = options
    options.restarts.cutsEpisodes = cutsEpisodes
    if !isRecorded { options.recordPath = nil }
    return try start(options)
  }

  /// Starts the processes, each to be driven at its own pace.
  func startApart() throws -> [RemoteVectorEnvironment] {
    do { return try RemoteVectorEnvironment.startApart(options) } catch { throw gymnasium?.explain(error) ?? error }
  }

  /// Starts the processes with so many sub-environments in all; nil for as many as the command line says.
  func start(environments: Int?) throws -> RemoteVectorEnvironment {
    var options = options
    if let environments { options.wantedEnvironments = environments }
    options.processCount = min(processCount, options.wantedEnvironments ?? processCount)
    return try start(options)
  }

  /// Starts one process with one environment, to be looked at.
  ///
  /// - Parameter modes: the ways of showing it that would do, the best first; where there is none of them, it is started
  ///   all the same.
  func startForShow(_ modes: [RenderMode], isRecorded: Bool = true) throws -> RemoteVectorEnvironment {
    var options = options
    if !isRecorded { options.recordPath = nil }
    (options.processCount, options.wantedEnvironments, options.renderMode) = (1, nil, modes.first)
    let environment = try start(options)
    guard environment.renderMode == nil, let other = modes.first(where: environment.renderModes.contains) else {
      return environment
    }
    // A wish is told once in a conversation, so that another one takes another process.
    environment.close()
    options.renderMode = other
    return try start(options)
  }

  private func start(_ options: RemoteVectorEnvironment.Options) throws -> RemoteVectorEnvironment {
    let environment: RemoteVectorEnvironment
    do { environment = try RemoteVectorEnvironment(options) } catch { throw gymnasium?.explain(error) ?? error }
    // What is looked at of a run is what it was evaluated in.
    environment.episodeOptions = try knobs?.lastLesson()
    return environment
  }

  /// Runs what may find out that the environment cannot be learned from, and says then which command serves it.
  func blaming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let fault as TrainingError {
      guard case .unsupportedSpace = fault else { throw fault }
      throw UnusableEnvironment(command: command, fault: fault)
    }
  }
}

/// An environment that speaks the protocol, but whose spaces no policy here can work with.
struct UnusableEnvironment: Error, CustomStringConvertible {
  let command: String
  let fault: TrainingError

  var description: String { "\(command) serves an environment that cannot be used (phase: start-up). \(fault)" }
}
