import CommandLineOptions
import Conformance
import GymwireIO

/// `pgagent check`: whether a program keeps to the protocol, clause by clause.
enum CheckCommand {
  static let environment = Option(
    "env-cmd", .commandLine(), defaultText: "none", help: "Check this environment's server.")
  static let startLimit = Option(
    "start-timeout", .number("SECONDS", above: 0), default: 60, help: "How long a process may take to answer hello.")
  static let stepLimit = Option(
    "step-timeout", .number("SECONDS", above: 0), default: 10, help: "How long a process may take for any other reply.")
  static let leakSteps = Option(
    "leak-steps", .integer(in: 100...100_000_000), default: 10_000,
    help: "How many steps the check of the server's memory takes.")
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
      A check about something that the server does not offer, and need not, is not applicable and no failure.
      The exit status is 0 when nothing is broken, 1 when something is, 2 when nothing could be checked.
      """,
    groups: [
      OptionGroup("Program", environment, startLimit, stepLimit),
      OptionGroup("Checks", leakSteps, resetOptions, format),
    ],
    run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    guard let command = arguments[environment] else {
      throw UsageError.conflict("--env-cmd is missing: give the command of the server to check")
    }
    var options: Subject.Options
    do {
      options = Subject.Options(command: try CommandLineWords.split(command))
    } catch {
      throw UsageError.conflict("--env-cmd cannot be split into words: \(error)")
    }
    options.startLimit = .seconds(arguments[startLimit])
    options.replyLimit = .seconds(arguments[stepLimit])
    options.leakSteps = arguments[leakSteps]
    options.resetOptions = arguments[resetOptions]
    var report = TextReport()
    let summary: CheckSummary
    do {
      summary = try CheckRun(CheckCatalog.environment, role: "env", options: options).run(
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
