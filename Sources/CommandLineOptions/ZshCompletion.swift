/// Writes the completion script for zsh 5.
enum ZshCompletion {
  static func script(_ program: Program) -> String {
    let function = "_" + program.identifier
    var lines = ["#compdef \(program.name)"]
    for command in program.commands {
      lines += ["", "\(function)_\(command.name)() {", "  _arguments \\"]
      lines.append(command.rowsOfAllVariants.map { "    " + specification($0) }.joined(separator: " \\\n"))
      lines.append("}")
    }
    let fallback = program.defaultCommand.name
    lines += ["", "\(function)() {"]
    if program.hasCommands {
      lines += [
        "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then",
        "    local -a commands=(",
      ]
      lines += program.commands.map { "      " + singleQuoted("\($0.name):\($0.summary)") }
      lines += [
        "    )",
        "    _describe command commands",
        "    return",
        "  fi",
        "  case $words[2] in",
        "    \(program.commands.map(\.name).joined(separator: "|")))",
        "      shift words",
        "      (( CURRENT-- ))",
        "      \(function)_$words[1] ;;",
        "    *) \(function)_\(fallback) ;;",
        "  esac",
      ]
    } else {
      lines.append("  \(function)_\(fallback)")
    }
    lines += [
      "}",
      "",
      "if [[ $funcstack[1] == \(function) ]]; then",
      "  \(function)",
      "else",
      "  compdef \(function) \(program.name)",
      "fi",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func specification(_ row: OptionDeclaration) -> String {
    let value = ":\(escaped(row.placeholder)):\(action(row.completion))"
    let help = "[\(escaped(row.help))]"
    switch row.form {
    case .valued:
      guard row.words.count > 1 else { return singleQuoted("\(row.spelling)=\(help)\(value)") }
      return singleQuoted("(\(row.words.joined(separator: " ")))") + "{\(row.words[0])+,\(row.spelling)=}"
        + singleQuoted("\(help)\(value)")
    case .positional:
      return singleQuoted((row.absence == .required ? ":" : "::") + "\(row.name):\(action(row.completion))")
    case .positionalList: return singleQuoted("*:\(row.name):\(action(row.completion))")
    case .flag, .negatable:
      guard row.words.count > 1 else { return singleQuoted(row.spelling + help) }
      return singleQuoted("(\(row.words.joined(separator: " ")))") + "{\(row.words.joined(separator: ","))}"
        + singleQuoted(help)
    }
  }

  private static func action(_ completion: ValueCompletion) -> String {
    switch completion {
    case .nothing: " "
    case .files: "_files"
    case .directories: "_files -/"
    case .commands: "_cmdstring"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.map { "[]:\\".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
