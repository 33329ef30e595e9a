import CommandLineOptions
import GymwireIO
import PolicyGradients

/// `pgagent algorithms`: what there is to choose from.
enum AlgorithmsCommand {
  static let printsMarkdown = Option(flag: "markdown", help: "Print the table as Markdown.")

  static let command = Command(
    "algorithms", summary: "List the algorithms: what they learn from, the actions they can choose, and their papers.",
    details: "pgagent train --algo NAME --help shows the settings of an algorithm.",
    groups: [OptionGroup("Form", printsMarkdown)],
    run: { arguments in
      try FileDescriptor.standardOutput.writeAll(arguments[printsMarkdown] ? markdown : text)
      return 0
    })

  private static var text: String {
    AlgorithmCatalog.all.map { algorithm in
      """
      \(algorithm.name)  (\(algorithm.kind.rawValue); \(algorithm.actions.names))
          \(algorithm.summary)
          \(algorithm.paper)

      """
    }.joined()
  }

  private static var markdown: String {
    let rows = AlgorithmCatalog.all.map { algorithm in
      let name =
        algorithm.name == AlgorithmCatalog.standard.name ? "`\(algorithm.name)` (default)" : "`\(algorithm.name)`"
      return
        "| \(name) | \(algorithm.kind.rawValue) | \(algorithm.actions.names) | \(algorithm.summary) | \(algorithm.paper) |"
    }
    return "| `--algo` | learns | actions | what it is, and for what | from |\n|---|---|---|---|---|\n"
      + rows.joined(separator: "\n") + "\n"
  }
}
