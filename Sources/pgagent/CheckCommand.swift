import CommandLineOptions
import Conformance
import GymwireIO

/// `pgagent check`: whether a program keeps to the protocol, clause by clause.
enum CheckCommand {
  static let command = Command(
    "check", summary: "Check any program against the protocol, clause by clause of protocol/SPEC.md.",
    details: """
      Examples: pgagent check --env-cmd "python3 my_server.py"
                pgagent check --agent-cmd "python3 my_agent.py --server {}"
                pgagent check --explain 6.9
      In a command, {directory} stands for a temporary directory; each process gets a new one.
      A check of something optional that the program does not offer is not applicable; it is no failure.
      The exit status is 0 when nothing is broken, 1 when something is, 2 when nothing could be checked, and 128 and the
      signal's number when a signal has stopped it.
      """,
    groups: [CheckOptions.programs, CheckOptions.checks, CheckOptions.internals], run: run)

  private static func run(_ arguments: Arguments) throws -> Int32 {
    if let scene = arguments[CheckOptions.scene], let path = arguments[CheckOptions.findings] {
      try AgentRun.serve(scene, report: path, patience: arguments[CheckOptions.patience].map { .seconds($0) })
      return 0
    }
    if let clause = arguments[CheckOptions.explanation] {
      guard let text = ClauseText.explanation(of: clause) else {
        throw UsageError.conflict("--explain \(clause): protocol/SPEC.md has no clause of that number; 6.9 is one")
      }
      try FileDescriptor.standardOutput.writeAll(text)
      return 0
    }
    let format = arguments[CheckOptions.format]
    let output = FileDescriptor.standardOutput
    var report = TextReport()
    let summary = try CheckOptions.run(arguments) { result in
      if format == .text { try? output.writeAll(report.lines(for: result)) }
    }
    switch format {
    case .text: try output.writeAll(report.summary(of: summary))
    case .json: try output.writeAll(summary.json)
    case .junit: try output.writeAll(summary.junit)
    case .badge: try output.writeAll(summary.badge)
    }
    if Interruption.isRequested { return Interruption.exitStatus }
    return summary.isClean ? 0 : 1
  }
}
