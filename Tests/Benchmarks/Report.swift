import CommandLineOptions
import GymwireIO
import JSONLines

/// Where results go: to the terminal as they come, and to a directory as Markdown and JSON.
struct Report {
  static let rounds = Option(
    "rounds", .integer(in: 1...1000), default: 15, help: "How often each contestant is measured, in turn.")
  static let directory = Option(
    "out", .directory(), default: ".build/benchmarks/results", help: "Where the tables are written.")
  static let group = OptionGroup("Measurement", rounds, directory)

  let rounds: Int
  private let directory: String

  init(_ arguments: Arguments) throws {
    rounds = arguments[Self.rounds]
    directory = arguments[Self.directory]
    try Directories.create(directory)
  }

  /// Prints a table and writes it.
  func add(_ table: Table) throws {
    try FileDescriptor.standardOutput.writeAll(table.markdown)
    try AtomicFile.write(table.markdown, to: "\(directory)/\(table.name).md")
    try AtomicFile.write(table.json.text + "\n", to: "\(directory)/\(table.name).json")
  }
}

extension Command {
  /// A command that measures, and reports what it has measured.
  static func benchmark(
    _ name: String, summary: String, _ run: @escaping @Sendable (Report) throws -> Void
  ) -> Command {
    Command(name, summary: summary, groups: [Report.group]) { arguments in
      try run(Report(arguments))
      return 0
    }
  }
}
