/// Writes the help from the table.
enum HelpText {
  private static let optionColumn = 26

  /// What the program is, its commands, and the options of its default command: all of them, or those that most people use.
  static func overview(_ program: Program, isComplete: Bool) -> String {
    let command = program.defaultCommand
    let column = 4 + (program.commands.map(\.name.count).max() ?? 0)
    var lines = TextLayout.wrap("\(program.name) \(program.version): \(program.summary)", width: TextLayout.width)
    lines += ["", "Usage: \(program.name) [COMMAND] [options]", "", "Commands"]
    for each in program.commands {
      let note = each.name == command.name ? " This is the default." : ""
      lines += TextLayout.entry(each.name, each.summary + note, column: column)
    }
    guard !isComplete, !program.essentials.isEmpty else {
      lines += ["", "See \(program.name) COMMAND --help for the options of a command. Those of \(command.name):"]
      return text(lines + options(command))
    }
    lines += ["", "The options of \(command.name) that most people use"]
    for row in program.essentials { lines += TextLayout.entry(label(row), gist(row), column: optionColumn) }
    lines += TextLayout.wrap(
      "\(program.name) COMMAND --help has every option of a command; \(program.name) --help-all has all of "
        + "\(command.name)'s and this list.", width: TextLayout.width)
    return text(lines + (command.details.isEmpty ? [] : ["", command.details]))
  }

  /// The meaning up to its first comma or the like, and the default.
  private static func gist(_ row: OptionDeclaration) -> String {
    let words = row.help.split(separator: " ")
    let end = words.firstIndex { word in word.last.map { ".:,;".contains($0) } ?? false }
    var gist = words.prefix(through: end ?? words.count - 1).joined(separator: " ")
    if end != nil { gist.removeLast() }
    guard case .meaning(let text) = row.absence, text.hasPrefix("default: "), !text.hasPrefix("default: none") else {
      return gist + "."
    }
    return "\(gist). (\(text))"
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
