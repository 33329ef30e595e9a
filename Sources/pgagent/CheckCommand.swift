#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import Conformance
import GymwireIO

/// `pgagent check`: whether a program keeps to the protocol, clause by clause.
enum CheckCommand {
  static let environment = Option(
    "env-cmd", .commandLine(), defaultText: "none", help: "Check this environment's server.")
  static let policy = Option(
    "policy-cmd", .commandLine(), defaultText: "none", help: "Check this server of a policy, such as pgagent serve.")
  static let learner = Option(
    "learner-cmd", .commandLine(), defaultText: "none",
    help: "Check this learner, such as \"pgagent learn --out {directory}/run\".")
  static let startLimit = Option(
    "start-timeout", .number("SECONDS", above: 0), default: 60, help: "How long a process may take to answer hello.")
  static let stepLimit = Option(
    "step-timeout", .number("SECONDS", above: 0), default: 10, help: "How long a process may take for any other reply.")
  static let leakSteps = Option(
    "leak-steps", .integer(in: 100...100_000_000), default: 10_000,
    help: "How many steps the check of the server's memory takes.")
  static let record = Option(
    "record", .directory(), defaultText: "nowhere",
    help: "Write each conversation to a file of its own in DIR, for pgagent replay.")
  static let resetOptions = Option(
    "options", .text("JSON"), defaultText: "none", help: "Options that a reset of this environment understands.")

  /// How the results are printed.
  enum Format: String, CaseIterable {
    case text, json, junit
  }

  static let format = Option(
    "format", .choice(of: Format.self), default: .text,
    help: "Print lines for people, one JSON object, or a JUnit file for CI systems.")

  static let command = Command(
    "check", summary: "Check any program against the protocol, clause by clause of protocol/SPEC.md.",
    details: """
      Example: pgagent check --env-cmd "python3 my_server.py"
      In a command, {directory} stands for a new directory for each process, which is removed afterwards.
      A check about something that the server does not offer, and need not, is not applicable and no failure.
      The exit status is 0 when nothing is broken, 1 when something is, 2 when nothing could be checked.
      """,
    groups: [
      OptionGroup("Program, one of them", environment, policy, learner, startLimit, stepLimit),
      OptionGroup("Checks", leakSteps, resetOptions, format, record),
    ],
    run: run)

  /// What is to be checked, and against what.
  private static func program(
    _ arguments: Arguments
  ) throws(UsageError) -> (option: String, command: String, role: String, checks: [Check]) {
    let given = [
      ("env-cmd", arguments[environment], "env", CheckCatalog.environment),
      ("policy-cmd", arguments[policy], "policy", CheckCatalog.policy),
      ("learner-cmd", arguments[learner], "learner", CheckCatalog.learner),
    ].compactMap { option, command, role, checks in command.map { (option, $0, role, checks) } }
    guard let program = given.first, given.count == 1 else {
      throw .conflict("give one of --env-cmd, --policy-cmd and --learner-cmd: the command of the server to check")
    }
    return program
  }

  private static func run(_ arguments: Arguments) throws -> Int32 {
    let program = try program(arguments)
    var options = Subject.Options(
      command: try EnvironmentOptions.words(of: program.command, option: "--" + program.option))
    options.startLimit = .seconds(arguments[startLimit])
    options.replyLimit = .seconds(arguments[stepLimit])
    options.leakSteps = arguments[leakSteps]
    options.recordDirectory = arguments[record]
    if let directory = arguments[record] {
      do {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      } catch {
        throw UsageError.conflict("--record \(directory) is no directory that can be written to")
      }
    }
    options.resetOptions = arguments[resetOptions]
    var report = TextReport()
    let summary: CheckSummary
    do {
      summary = try CheckRun(program.checks, role: program.role, options: options).run(
        shouldStop: { Interruption.isRequested }
      ) { result in
        if arguments[format] == .text { try? FileDescriptor.standardOutput.writeAll(report.lines(for: result)) }
      }
    } catch let error as ChildProcessError {
      throw UsageError.conflict("\(error)")
    }
    switch arguments[format] {
    case .text: try FileDescriptor.standardOutput.writeAll(report.summary(of: summary))
    case .json: try FileDescriptor.standardOutput.writeAll(summary.json)
    case .junit: try FileDescriptor.standardOutput.writeAll(summary.junit)
    }
    return summary.isClean ? 0 : 1
  }
}
