/// Writes the help from the table.
enum HelpText {
  private static let optionColumn = 26

  /// What the program is, its commands, and the options of its default command.
  static func overview(_ program: Program) -> String {
    let command = program.defaultCommand
    let column = 4 + (program.commands.map(\.name.count).max() ?? 0)
    var lines = TextLayout.wrap("\(program.name) \(program.version): \(program.summary)", width: TextLayout.width)
    lines += ["", "Usage: \(program.name) [COMMAND] [options]", "", "Commands"]
    for each in program.commands {
      let note = each.name == command.name ? " This is the default." : ""
      lines += TextLayout.entry(each.name, each.summary + note, column: column)
    }
    lines += ["", "See \(program.name) COMMAND --help for the options of a command. Those of \(command.name):"]
    return text(lines + options(command))
  }

  /// What the command is for, its usage line and its options.
  static func command(_ command: Command, of program: Program) -> String {
    text(TextLayout.wrap(command.summary, width: TextLayout.width) + [""] + usage(command, program) + options(command))
  }

  private static func usage(_ command: Command, _ program: Program) -> [String] {
    var words = [program.name]
    if program.hasCommands {
      words.append(command.name == program.defaultCommand.name ? "[\(command.name)]" : command.name)
    }
    words += command.rows.filter { $0.absence == .required && !$0.isPositional }.map(label)
    words.append("[options]")
    for row in command.rows where row.isPositional {
      let name = row.form == .positionalList ? row.name + "..." : row.name
      words.append(row.absence == .required ? name : "[\(name)]")
    }
    let lines = TextLayout.wrap(words, width: TextLayout.width - 7)
    return lines.enumerated().map { ($0.offset == 0 ? "Usage: " : "       ") + $0.element }
  }

  private static func options(_ command: Command) -> [String] {
    var lines: [String] = []
    for group in command.groups where !group.declarations.isEmpty {
      lines += ["", group.heading]
      for row in group.declarations {
        lines += TextLayout.entry(label(row), description(row), column: optionColumn)
      }
    }
    if !command.details.isEmpty { lines += ["", command.details] }
    return lines
  }

  private static func label(_ row: OptionDeclaration) -> String {
    switch row.form {
    case .valued: (row.shortName.map { "-\($0), " } ?? "") + "\(row.spelling) \(row.placeholder)"
    case .flag: (row.shortName.map { "-\($0), " } ?? "") + row.spelling
    case .negatable: "--[no-]\(row.name)"
    case .positional: row.name
    case .positionalList: row.name + "..."
    }
  }

  /// The meaning, then the range and the default in parentheses.
  static func description(_ row: OptionDeclaration) -> String {
    var facts = row.allowed.map { [$0] } ?? []
    switch row.absence {
    case .required: facts.append("required")
    case .meaning(let text): facts.append(text)
    case .unspoken: break
    }
    return facts.isEmpty ? row.help : "\(row.help) (\(facts.joined(separator: "; ")))"
  }

  private static func text(_ lines: [String]) -> String {
    lines.joined(separator: "\n") + "\n"
  }
}
