import CommandLineOptions

extension Example {
  /// A program with a value of every kind of completion.
  static let tool = Program(
    "big-tool",
    version: "1",
    summary: "does things.",
    defaultCommand: Command(
      "make",
      summary: "Make it.",
      groups: [
        OptionGroup(
          "All",
          command,
          gamma,
          valueRate,
          algorithm,
          out,
          normalize,
          Option("from", .path(), defaultText: "none", help: "Where: a [file] or 'pipe'."),
          Option(flag: "quick", help: #"Don't wait\stop."#)
        )
      ],
      run: { _ in 0 }
    ),
    otherCommands: [
      Command("show", summary: "Show it.", groups: [OptionGroup("All", policy, episodes)], run: { _ in 0 }),
      Command("scan", summary: "Scan them.", groups: [OptionGroup("All", files)], run: { _ in 0 }),
    ]
  )
}
