/// One row of the table: all that parsing, help, errors and completion need to know about an option.
public struct OptionDeclaration: Sendable {
  enum Form: Sendable {
    /// `--name VALUE`
    case valued
    /// `--name`
    case flag
    /// `--name` and `--no-name`
    case negatable
    /// A word in its place, with no name before it.
    case positional
    /// All remaining words that are not options.
    case positionalList
  }

  enum Absence: Sendable, Equatable {
    case required
    /// The text says what happens when the option is left out.
    case meaning(String)
    /// Nothing happens, and nothing is said of it.
    case unspoken
  }

  let name: String
  let form: Form
  var shortName: Character?
  /// Whether it may be given several times.
  var isRepeatable = false
  let placeholder: String
  let allowed: String?
  var absence: Absence
  let help: String
  let completion: ValueCompletion
  let read: @Sendable ([String]) throws(ValueProblem) -> any Sendable
  let absentValue: (any Sendable)?
  /// Whether the default, written out, reads back.
  let defaultIsValid: Bool

  /// As it is written on the command line: `--gamma`, or `FILE` for a positional.
  var spelling: String {
    isPositional ? name : "--" + name
  }

  var isPositional: Bool { form == .positional || form == .positionalList }

  var takesValue: Bool { form == .valued || isPositional }

  /// Every word that names this option on the command line.
  var words: [String] {
    switch form {
    case .positional, .positionalList: []
    case .negatable: ["--" + name, "--no-" + name]
    case .valued, .flag: (shortName.map { ["-\($0)"] } ?? []) + ["--" + name]
    }
  }
}

/// An option of any type, as a row of a table.
public protocol DeclaredOption: Sendable {
  /// The row.
  var declaration: OptionDeclaration { get }
}
