/// Writes the completion script for fish 3.
enum FishCompletion {
  static func script(_ program: Program) -> String {
    let function = "__fish_\(program.identifier)_command"
    let fallback = program.defaultCommand.name
    var lines = ["# fish completion of \(program.name)", "complete -c \(program.name) -f"]
    if program.hasCommands {
      lines += [
        "function \(function)",
        "  set -l words (commandline -opc)",
        "  if contains -- \"$words[2]\" \(program.commands.map(\.name).joined(separator: " "))",
        "    echo $words[2]",
        "  else",
        "    echo \(fallback)",
        "  end",
        "end",
      ]
      for command in program.commands {
        let condition = "'test (count (commandline -opc)) -eq 1'"
        lines.append("complete -c \(program.name) -n \(condition) -a \(command.name) -d \(quoted(command.summary))")
      }
    }
    for command in program.commands {
      let condition = program.hasCommands ? " -n 'test (\(function)) = \(command.name)'" : ""
      for row in command.rowsOfAllVariants {
        lines += rules(row).map { "complete -c \(program.name)\(condition) \($0)" }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func rules(_ row: OptionDeclaration) -> [String] {
    let help = "-d \(quoted(row.help))"
    let offer = offer(row.completion)
    let names = (row.shortName.map { "-s \($0) " } ?? "") + "-l \(row.name)"
    switch row.form {
    case .flag: return ["\(names) \(help)"]
    case .negatable: return ["-l \(row.name) \(help)", "-l no-\(row.name) \(help)"]
    case .valued: return ["\(names) \(row.completion == .files ? "-r" : "-x")\(offer) \(help)"]
    case .positional, .positionalList: return offer.isEmpty ? [] : [String(offer.dropFirst())]
    }
  }

  private static func offer(_ completion: ValueCompletion) -> String {
    switch completion {
    case .nothing: ""
    case .files: " -F"
    case .directories: " -a '(__fish_complete_directories)'"
    case .commands: " -a '(__fish_complete_command)'"
    case .words(let words): " -a " + quoted(words.joined(separator: " "))
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.map { "'\\".contains($0) ? "\\\($0)" : String($0) }.joined() + "'"
  }
}
