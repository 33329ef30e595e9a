import CommandLineOptions
import GymwireIO

/// The options that say which environment processes to start and how long to wait for them.
enum EnvironmentOptions {
  static let command = Option(
    required: "env-cmd", .commandLine(),
    help: "The command of the environment's server, split into words as a shell does, and run without one.")
  static let environmentCount = Option(
    "num-envs", .integer(in: 1...65536), default: 16,
    help: "How many sub-environments to ask for, in all processes together. A server without the feature batch has one."
  )
  static let processCount = Option(
    "env-procs", .integer("M", in: 1...1024), default: 1,
    help: "How many processes of the command to run, stepped together.")
  static let usesBase64 = Option(
    flag: "b64", help: "Ask for arrays as base64 of their bytes, which is faster for large observations.")
  static let startLimit = Option(
    "start-timeout", .number("SECONDS", above: 0), default: 60,
    help: "How long a process may take to say hello.")
  static let stepLimit = Option(
    "step-timeout", .number("SECONDS", above: 0), default: 60,
    help: "How long a process may take to answer a reset or a step.")
  static let showsErrors = Option(
    flag: "show-stderr", help: "Show what the processes write to standard error, each line with the server's name.")

  static let group = OptionGroup(
    "Environment", command, environmentCount, processCount, usesBase64, startLimit, stepLimit, showsErrors)

  /// Starts the processes that the command line asks for.
  static func start(_ arguments: Arguments) throws -> RemoteVectorEnvironment {
    let words: [String]
    do { words = try CommandLineWords.split(arguments[command]) } catch {
      throw UsageError.conflict("--env-cmd cannot be split into words: \(error)")
    }
    var options = RemoteVectorEnvironment.Options(command: words)
    options.processCount = arguments[processCount]
    options.wantedEnvironments = max(arguments[environmentCount], arguments[processCount])
    options.wantsBase64 = arguments[usesBase64]
    options.startLimit = .seconds(arguments[startLimit])
    options.stepLimit = .seconds(arguments[stepLimit])
    options.connection.showsStandardError = arguments[showsErrors]
    return try RemoteVectorEnvironment(options)
  }
}
