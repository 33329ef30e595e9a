/// An executable: its commands, and what becomes of a command line.
public struct Program: Sendable {
  let name: String
  let version: String
  let summary: String
  let commands: [Command]
  /// Runs where the first word is an option or absent.
  let defaultCommand: Command
  /// Whether the first word selects a command.
  let hasCommands: Bool
  /// The options of the default command that the short help shows; all where there are none.
  let essentials: [OptionDeclaration]

  /// Declares a program with several commands; the default one also runs without its name.
  ///
  /// - Parameter essentials: the options of the default command that `--help` shows; `--help-all` shows the rest too.
  public init(
    _ name: String,
    version: String,
    summary: String,
    defaultCommand: Command,
    essentials: [any DeclaredOption] = [],
    otherCommands: [Command]
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.defaultCommand = defaultCommand
    commands = [defaultCommand] + otherCommands
    hasCommands = true
    self.essentials = essentials.map(\.declaration)
  }

  /// Declares a program that is one command.
  public init(version: String, _ command: Command) {
    name = command.name
    self.version = version
    summary = command.summary
    defaultCommand = command
    commands = [command]
    hasCommands = false
    essentials = []
  }

  /// Follows a command line and gives the exit status: that of the command, 0 after help, 2 after a usage error.
  ///
  /// A `UsageError` that the command throws is reported like one of parsing; every other error passes through.
  ///
  /// - Parameters:
  ///   - words: The words after the program's name.
  ///   - recognize: Tells which other errors are mistakes of the command line, and how they are reported.
  ///   - output: Takes whole lines for standard output, line ends included.
  ///   - errors: Takes whole lines for standard error, line ends included.
  public func run(
    _ words: [String], recognizing recognize: (any Error) -> UsageError? = { _ in nil },
    output: (String) -> Void, errors: (String) -> Void
  ) throws -> Int32 {
    var (path, chosen) = (name, "")
    do {
      let (selected, rest) = try select(words)
      let command = selected.chosen(by: rest)
      path = title(of: command)
      chosen = command.variants?.words(in: rest) ?? ""
      if let text = information(words, rest, command) {
        output(text)
        return 0
      }
      let arguments = try parse(command, rest)
      if let shell = arguments[General.generateCompletion] {
        output(completionScript(shell))
        return 0
      }
      return try command.run(arguments)
    } catch {
      guard let error = error as? UsageError ?? recognize(error) else { throw error }
      errors("\(path): \(error)\nSee \(path)\(chosen) --help.\n")
      return 2
    }
  }

  /// `pgagent train`, or the program's name where it is one command.
  func title(of command: Command) -> String {
    hasCommands ? "\(name) \(command.name)" : name
  }

  /// The command that the first word selects, and the words that are left for it.
  private func select(_ words: [String]) throws(UsageError) -> (Command, [String]) {
    guard hasCommands, let first = words.first, !CommandParser.looksLikeOption(first) else {
      return (defaultCommand, words)
    }
    // `help eval` is read as `eval --help`.
    if first == "help" { return try select(Array(words.dropFirst()) + ["--help"]) }
    guard let command = commands.first(where: { $0.name == first }) else {
      let names = commands.map(\.name)
      let suggestions = Suggestions.nearest(to: first, among: names)
      throw .unknownCommand(word: first, commands: names, suggestions: suggestions)
    }
    return (command, Array(words.dropFirst()))
  }

  /// The help or the version where one is asked for, which wins over every error elsewhere on the line.
  private func information(_ words: [String], _ rest: [String], _ command: Command) -> String? {
    let options = rest.prefix { $0 != "--" }
    if hasCommands, options.contains(where: General.isHelpForAll) { return HelpText.overview(self, isComplete: true) }
    if options.contains(where: General.isHelp) {
      let isOverview =
        hasCommands && words.first.map { $0 == "help" && words.count == 1 || General.isHelp($0) } ?? false
      return isOverview ? HelpText.overview(self, isComplete: false) : HelpText.command(command, of: self)
    }
    return options.contains(where: General.isVersion) ? "\(name) \(version)\n" : nil
  }

  private func parse(_ command: Command, _ words: [String]) throws(UsageError) -> Arguments {
    do {
      return try command.parse(words)
    } catch .unknownOption(let word, let suggestions) {
      let owners = commands.filter { $0.rowsOfAllVariants.contains { $0.words.contains(word) } }.map(title)
      if owners.isEmpty { throw .unknownOption(word: word, suggestions: suggestions) }
      throw .optionOfOtherCommand(word: word, command: title(of: command), owners: owners)
    }
  }
}
