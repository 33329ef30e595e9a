import CommandLineOptions
import Conformance
import GymwireIO

/// Which program to check, and how, as the command line says.
enum CheckOptions {
  static let environment = Option(
    "env-cmd", .commandLine(), defaultText: "none", help: "Check this environment's server.")
  static let policy = Option(
    "policy-cmd", .commandLine(), defaultText: "none", help: "Check this server of a policy, such as pgagent serve.")
  static let learner = Option(
    "learner-cmd", .commandLine(), defaultText: "none",
    help: "Check this learner, such as \"pgagent learn --out {directory}/run\".")
  static let agent = Option(
    "agent-cmd", .commandLine(), defaultText: "none",
    help: """
      Check this agent. It is run once for each scene; {} in its command stands for the command of the server that it has \
      to start. Without {} its own standard input and output lead to the server.
      """)
  static let attach = Option(
    "attach-cmd", .commandLine(), defaultText: "none",
    help: """
      With --env-cmd: a command that leads to the same server while it waits on a socket, such as "nc localhost 5555". \
      Start that one before. It is checked that it has one driver at a time (SPEC 3.11).
      """)
  static let startLimit = Option(
    "start-timeout", EnvironmentOptions.seconds, default: 60, help: "How long a server may take to answer hello.")
  static let stepLimit = Option(
    "step-timeout", EnvironmentOptions.seconds, default: 10, help: "How long a server may take for any other reply.")
  static let agentLimit = Option(
    "agent-timeout", EnvironmentOptions.seconds, default: 30, help: "How long an agent may take for one scene.")
  static let patience = Option(
    "agent-patience", EnvironmentOptions.seconds, defaultText: "not known",
    help: """
      How long the agent waits for a reply. Without it the scenes about time limits are not played. {seconds} in the \
      agent's command stands for it in these, and for 60 in the others.
      """)
  static let programs = OptionGroup(
    "Program, one of them", environment, policy, learner, agent, attach, startLimit, stepLimit, agentLimit,
    patience)

  static let leakSteps = Option(
    "leak-steps", .integer(in: 100...100_000_000), default: 10_000,
    help: "How many steps the check of an environment's memory takes, and how many are given to a learner to update.")
  static let resetOptions = Option(
    "options", .text("JSON"), defaultText: "none", help: "Options that a reset of this environment understands.")
  static let record = Option(
    "record", .directory(), defaultText: "nowhere",
    help: "Write each conversation with a server to a file of its own in DIR, for pgagent replay.")

  /// How the results are printed.
  enum Format: String, CaseIterable {
    case text, json, junit, badge
  }

  static let format = Option(
    "format", .choice(of: Format.self), default: .text,
    help: "Print lines for people, one JSON object, a JUnit file for CI systems, or a line of Markdown for a README.")
  static let clause = Option(
    "clause", .text("CLAUSE"), defaultText: "all", help: "Make the checks of this clause alone, such as 6.2.")
  static let explanation = Option(
    "explain", .text("CLAUSE"), defaultText: "none", help: "Print a clause of the specification instead, such as 6.2.")
  static let checks = OptionGroup("Checks", clause, leakSteps, resetOptions, record, format, explanation)

  static let scene = Option(
    "play", .integer(in: 0...999), defaultText: "none", help: "Be the server of a scene, which is what {} stands for.")
  static let findings = Option(
    "report", .path(), defaultText: "none", help: "With --play: where to write what was found.")
  static let internals = OptionGroup("For --agent-cmd itself", scene, findings)

  /// Makes the checks that the command line asks for.
  ///
  /// - Parameter report: called after each check.
  static func run(_ arguments: Arguments, report: (CheckResult) -> Void) throws -> CheckSummary {
    let programs = [
      ("--env-cmd", environment), ("--policy-cmd", policy), ("--learner-cmd", learner), ("--agent-cmd", agent),
    ]
    let given = programs.compactMap { name, option in arguments[option].map { (name, $0) } }
    guard let (option, command) = given.first, given.count == 1 else {
      throw UsageError.conflict(
        "give one of --env-cmd, --policy-cmd, --learner-cmd and --agent-cmd: the command of the program to check")
    }
    if arguments[environment] == nil, arguments.isGiven(attach) {
      throw UsageError.conflict("--attach-cmd is for --env-cmd: no other program waits on a socket")
    }
    let words = try EnvironmentOptions.words(of: command, option: option)
    let shouldStop = { Interruption.isRequested }
    let isMeant = { (clause: String) in arguments[Self.clause].map { $0 == clause } ?? true }
    if arguments[agent] != nil {
      return try AgentRun(
        command: words, limit: .seconds(arguments[agentLimit]), patience: arguments[patience].map { .seconds($0) },
        clauses: isMeant
      ).run(shouldStop: shouldStop, report: report)
    }
    let (role, checks) =
      arguments[policy] != nil
      ? ("policy", CheckCatalog.policy)
      : arguments[learner] != nil ? ("learner", CheckCatalog.learner) : ("env", CheckCatalog.environment)
    return try CheckRun(checks.filter { isMeant($0.clause) }, role: role, options: try subject(words, arguments)).run(
      shouldStop: shouldStop, report: report)
  }

  private static func subject(_ words: [String], _ arguments: Arguments) throws(UsageError) -> Subject.Options {
    var options = Subject.Options(command: words)
    options.attachCommand = try arguments[attach].map { (command) throws(UsageError) in
      try EnvironmentOptions.words(of: command, option: "--attach-cmd")
    }
    options.startLimit = .seconds(arguments[startLimit])
    options.replyLimit = .seconds(arguments[stepLimit])
    options.leakSteps = arguments[leakSteps]
    options.resetOptions = arguments[resetOptions]
    options.recordDirectory = arguments[record]
    options.tell = { StandardStreams.report($0) }
    if let directory = arguments[record] {
      try NamedFile.makeDirectory(directory, of: "--record")
    }
    return options
  }
}
