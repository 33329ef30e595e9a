/// Writes the completion script for bash 3.2 and later.
enum BashCompletion {
  static func script(_ program: Program) -> String {
    let function = "_" + program.identifier
    var lines = [
      "# bash completion of \(program.name); use it with: source <(\(program.name) --generate-completion bash)",
      "\(function)() {",
      "  local current=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"",
      "  local command=\(program.defaultCommand.name) words=''",
      "  COMPREPLY=()",
      "  # bash splits --name=value at the equals sign.",
      "  if [[ $current == '=' ]]; then",
      "    current=''",
      "  elif [[ $previous == '=' ]]; then",
      "    previous=\"${COMP_WORDS[COMP_CWORD-2]}\"",
      "  fi",
    ]
    if program.hasCommands {
      let names = program.commands.map(\.name)
      lines += [
        "  if [[ $COMP_CWORD -eq 1 && $current != -* ]]; then",
        "    COMPREPLY=($(compgen -W '\(names.joined(separator: " "))' -- \"$current\"))",
        "    return",
        "  fi",
        "  case \"${COMP_WORDS[1]}\" in",
        "    \(names.joined(separator: "|"))) command=\"${COMP_WORDS[1]}\" ;;",
        "  esac",
      ]
    }
    lines.append("  case \"$command $previous\" in")
    for command in program.commands { lines += values(command) }
    lines += ["  esac", "  case \"$command\" in"]
    for command in program.commands {
      lines.append(
        "    \(command.name)) words='\(command.rowsOfAllVariants.flatMap(\.words).joined(separator: " "))' ;;")
    }
    lines += ["  esac"]
    let arguments = program.commands.compactMap { command in
      command.rowsOfAllVariants.first(where: \.isPositional).map {
        "      \(command.name)) \(action($0.completion)); return ;;"
      }
    }
    if !arguments.isEmpty {
      lines += ["  if [[ $current != -* ]]; then", "    case \"$command\" in"] + arguments + ["    esac", "  fi"]
    }
    lines += [
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))",
      "}",
      "complete -F \(function) \(program.name)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func values(_ command: Command) -> [String] {
    let rows = command.rowsOfAllVariants.filter { $0.form == .valued }
    func patterns(_ row: OptionDeclaration) -> [String] { row.words.map { "'\(command.name) \($0)'" } }
    let free = rows.filter { $0.completion == .nothing }.flatMap(patterns)
    let offers = rows.filter { $0.completion != .nothing }.map { row in
      "    \(patterns(row).joined(separator: "|"))) \(action(row.completion)); return ;;"
    }
    return offers + (free.isEmpty ? [] : ["    \(free.joined(separator: "|"))) return ;;"])
  }

  private static func action(_ completion: ValueCompletion) -> String {
    func names(_ kind: String) -> String {
      "compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen \(kind) -- \"$current\"))"
    }
    switch completion {
    case .nothing: return ":"
    case .files: return names("-f")
    case .directories: return names("-d")
    case .commands: return names("-c")
    case .words(let words):
      return "COMPREPLY=($(compgen -W \(singleQuoted(words.joined(separator: " "))) -- \"$current\"))"
    }
  }
}
