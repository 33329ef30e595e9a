/// What one command does, the table of its options, and the code that it runs.
public struct Command: Sendable {
  /// Runs the command and gives the exit status of the process.
  public typealias Action = @Sendable (Arguments) throws -> Int32

  /// The word that selects the command.
  public let name: String
  let summary: String
  let details: String
  /// The options, those of the standard variant included where there are variants.
  let groups: [OptionGroup]
  /// The choices of an option that bring options of their own.
  let variants: CommandVariants?
  /// What the command does.
  public let run: Action

  /// Declares a command; options that every command has (help, version, completion) are added under General.
  ///
  /// - Parameters:
  ///   - name: The word that selects the command, or the program's name where it has one command only.
  ///   - summary: One sentence, for the list of commands and the head of the help.
  ///   - details: Further text under the options, such as examples; kept line by line.
  ///   - groups: The options.
  ///   - variants: The choices of one of the options that bring further options.
  ///   - run: Called with the parsed arguments.
  public init(
    _ name: String, summary: String, details: String = "", groups: [OptionGroup], variants: CommandVariants? = nil,
    run: @escaping Action
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.groups = groups + (variants?.groups(of: nil) ?? []) + [General.group]
    self.variants = variants
    self.run = run
  }

  /// The command with the options of the variant that some words choose.
  func chosen(by words: [String]) -> Command {
    guard let variants else { return self }
    let shared = groups.dropLast(1 + variants.groups(of: nil).count)
    let choice = variants.choice(in: words)
    return Command(self, groups: shared + variants.groups(of: choice) + [General.group])
  }

  private init(_ other: Command, groups: [OptionGroup]) {
    (name, summary, details, variants, run) = (other.name, other.summary, other.details, other.variants, other.run)
    self.groups = groups
  }

  /// Reads the words that follow the command's name.
  public func parse(_ words: [String]) throws(UsageError) -> Arguments {
    let command = chosen(by: words)
    let rows = command.rows
    var parser = CommandParser(rows)
    do { try parser.read(words) } catch .unknownOption(let word, let suggestions) {
      throw command.variants?.refusal(of: word, in: words) ?? .unknownOption(word: word, suggestions: suggestions)
    }
    // A command line that asks for a completion script runs nothing, so nothing else is required of it.
    if parser.given[General.generateCompletion.declaration.name] == nil { try parser.checkRequired() }
    return Arguments(
      table: Dictionary(rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }),
      given: parser.given,
      taken: parser.taken
    )
  }

  /// Every row of the table, in the order of the help; of the variants the standard one's.
  var rows: [OptionDeclaration] { groups.flatMap(\.declarations) }

  /// Every row of every variant, each name once.
  var rowsOfAllVariants: [OptionDeclaration] {
    var names: Set<String> = []
    let all = rows + (variants?.all.flatMap { $0.groups.flatMap(\.declarations) } ?? [])
    return all.filter { names.insert($0.name).inserted }
  }
}

/// The options that every command has.
enum General {
  static let help = Option(flag: "help", shortName: "h", help: "Print this text and exit.")
  static let version = Option(flag: "version", help: "Print the version and exit.")
  static let generateCompletion = Option(
    "generate-completion",
    ValueType.choice(of: Shell.self, placeholder: "SHELL"),
    defaultText: "none",
    help: "Print a completion script for this shell and exit."
  )

  /// Their rows tell of no default, since leaving them out means nothing.
  static let group = OptionGroup(
    "General",
    declarations: [help.declaration, version.declaration, generateCompletion.declaration].map { row in
      var row = row
      row.absence = .unspoken
      return row
    }
  )

  static func isHelp(_ word: String) -> Bool { word == "-h" || word == "--help" }
  static func isHelpForAll(_ word: String) -> Bool { word == "--help-all" }
  static func isVersion(_ word: String) -> Bool { word == "--version" }
}
