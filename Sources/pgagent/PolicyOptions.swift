import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients
import SpaceCoding

/// Where the policy comes from that is evaluated: a file, or a program that is asked.
final class PolicyOptions {
  static let path = Option(
    "policy", .path(), defaultText: "none; either it or --policy-cmd has to be given",
    help: "The policy.json of a run, or the run's directory.")
  static let command = Option(
    "policy-cmd", .commandLine(), defaultText: "none",
    help:
      "Instead of --policy: the command of a program that serves a policy. --b64 and the time limits hold for it too.")
  static let group = OptionGroup("Policy", path, command)

  /// Whether the policy comes from a file.
  var isFile: Bool { file != nil }
  private let file: (any Policy)?
  /// What stands between an environment and the policy; nothing where a program is asked.
  let wrappers: Wrappers
  private let options: RemotePolicy.Options?
  private var remote: RemotePolicy?

  /// Reads the command line, and the file if there is one; `path` is that of a run, for a command line that is silent.
  init(_ arguments: Arguments, orFile path: String? = nil) throws {
    switch (arguments[Self.path] ?? (arguments[Self.command] == nil ? path : nil), arguments[Self.command]) {
    case (let path?, nil):
      let snapshot = try PolicyFileReader(path: path).readSnapshot()
      file = try UnusableFile.namingPolicy(path) { () throws(TrainingError) in try snapshot.makePolicy() }
      wrappers = snapshot.wrappers
      options = nil
    case (nil, let command?):
      var options = RemotePolicy.Options(
        command: try EnvironmentOptions.words(of: command, option: "--policy-cmd"))
      options.wantsSessions = true
      options.wantsBase64 = arguments[EnvironmentOptions.usesBase64]
      options.startLimit = .seconds(arguments[EnvironmentOptions.startLimit])
      options.actLimit = .seconds(arguments[EnvironmentOptions.stepLimit])
      options.connection.spinning = IdleOption.spinning(arguments)
      options.connection.showsStandardError = arguments[EnvironmentOptions.showsErrors]
      if let path = arguments[EnvironmentOptions.record] {
        try NamedFile.requireWritable(path, of: "--record")
        options.connection.recorder = try TranscriptRecorder(
          path + ".policy", command: options.command, warn: options.connection.warn)
      }
      self.options = options
      wrappers = Wrappers()
      file = nil
    case (nil, nil):
      throw UsageError.conflict("a policy is missing: give --policy with a file, or --policy-cmd with a command")
    case (_?, _?):
      throw UsageError.conflict("--policy and --policy-cmd both say which policy to evaluate; give one of them")
    }
  }

  /// The policy, started if it is a program, once it is known to fit the environment.
  func start(for environment: any VectorEnvironment) throws -> any Policy {
    if let options {
      let remote = try RemotePolicy(
        options, observationSpace: environment.observationSpace, actionSpace: environment.actionSpace)
      self.remote = remote
      if environment.outcome.masks.width > 0, !remote.readsMasks {
        StandardStreams.report(
          "warning: \(options.command.joined(separator: " ")) cannot be told which actions are legal: it has no feature mask"
        )
      }
      return remote
    }
    guard let file else { throw UsageError.conflict("a policy is missing") }
    try Self.require(file, fits: environment)
    return file
  }

  /// Refuses a policy that is made for other spaces than the environment's.
  static func require(_ file: any Policy, fits environment: any VectorEnvironment) throws {
    guard file.observationSpace.disagreement(withObservations: environment.observationSpace) == nil else {
      throw TrainingError.differentSpace(
        what: "observations of", expected: file.observationSpace.text, actual: environment.observationSpace.text)
    }
    guard file.actionSpace.disagreement(withActions: environment.actionSpace) == nil else {
      throw TrainingError.differentSpace(
        what: "actions of", expected: file.actionSpace.text, actual: environment.actionSpace.text)
    }
  }

  /// Ends the program, if there is one.
  func close() { remote?.close() }
}
