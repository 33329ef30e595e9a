/// A command line that cannot be followed, and the only place where the text of such errors is written.
public enum UsageError: Error, Equatable, Sendable {
  /// No option of the command has this name.
  case unknownOption(word: String, suggestions: [String])
  /// The option belongs to other commands of the program.
  case optionOfOtherCommand(word: String, command: String, owners: [String])
  /// The option belongs to other choices of an option than the one that was made; `own` are the options of that one.
  case optionOfOtherVariant(word: String, choice: String, owners: [String], suggestions: [String], own: [String])
  /// No command of the program has this name.
  case unknownCommand(word: String, commands: [String], suggestions: [String])
  /// The option stands last, or before another option.
  case missingValue(option: String, placeholder: String, next: String?)
  /// A flag was given a value.
  case unexpectedValue(option: String, value: String)
  /// The value is not of the option's type or range.
  case badValue(option: String, value: String, problem: ValueProblem, absence: String?)
  /// The option stands twice.
  case repeatedOption(option: String)
  /// The command cannot run without this option.
  case missingOption(option: String, help: String)
  /// The command takes no further word.
  case unexpectedArgument(word: String, suggestions: [String])
  /// Options that each are right but do not go together; the text is a whole sentence that says what to do.
  case conflict(String)
}

extension UsageError: CustomStringConvertible {
  /// What is wrong and what to do, in one or two sentences.
  public var description: String {
    switch self {
    case .unknownOption(let word, let suggestions):
      "There is no option \(shown(word))." + meant(suggestions)
    case .optionOfOtherCommand(let word, let command, let owners):
      "\(shown(word)) is an option of \(listed(owners, "and")), not of \(command)."
    case .optionOfOtherVariant(let word, let choice, let owners, let suggestions, let own):
      "\(choice) has no \(shown(word)), which is for \(listed(owners, "and"))."
        + (suggestions.isEmpty ? " It has \(listed(own, "and"))." : meant(suggestions))
    case .unknownCommand(let word, let commands, let suggestions):
      "There is no command \(quoted(word))."
        + (suggestions.isEmpty ? " The commands are \(listed(commands, "and"))." : meant(suggestions))
    case .missingValue(let option, let placeholder, nil):
      "\(option) needs a value: write \(option) \(placeholder)."
    case .missingValue(let option, let placeholder, let next?):
      "\(option) needs a value, but the option \(shown(next)) follows it: write \(option) \(placeholder), "
        + "or \(option)=\(shown(next)) if that is the value."
    case .unexpectedValue(let option, let value):
      "\(option) takes no value, but was given \(quoted(value)): write \(option) alone."
    case .badValue(let option, let value, let problem, let absence):
      sentence(option, value, problem, absence)
    case .repeatedOption(let option):
      "\(option) is given more than once: keep one of them."
    case .missingOption(let option, let help):
      "\(option) is required. \(help)"
    case .unexpectedArgument(let word, let suggestions):
      "Unexpected argument \(quoted(word))." + meant(suggestions)
    case .conflict(let sentence):
      sentence
    }
  }

  private func sentence(_ option: String, _ value: String, _ problem: ValueProblem, _ absence: String?) -> String {
    let orLeaveOut = absence.map { ", or leave it out (\($0))" } ?? ""
    switch problem {
    case .empty:
      return "\(option) is empty: give it a value\(orLeaveOut)."
    case .malformed(let expected):
      return "\(option) is \(quoted(value)), but must be \(expected): give such a value\(orLeaveOut)."
    case .outOfRange(let allowed):
      return "\(option) is \(shown(value)), but must be \(allowed): give a value in that range\(orLeaveOut)."
    case .unknownChoice(let choices, let suggestions):
      return "\(option) is \(quoted(value)), but must be one of \(choices.joined(separator: ", "))."
        + meant(suggestions)
    }
  }

  private func meant(_ suggestions: [String]) -> String {
    suggestions.isEmpty ? "" : " Did you mean \(listed(suggestions, "or"))?"
  }

  private func listed(_ names: [String], _ conjunction: String) -> String {
    guard let last = names.last, names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
  }

  private func quoted(_ word: String) -> String {
    "\"\(shown(word))\""
  }

  /// The word on one line and not endlessly long, whatever was typed.
  private func shown(_ word: String) -> String {
    let start = word.unicodeScalars.prefix(60).map { scalar in
      scalar.properties.generalCategory == .control ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return start.joined() + (word.unicodeScalars.count > 60 ? "..." : "")
  }
}
