/// How the value of an option is read, written and described.
///
/// The factories make every type that is needed: `.text`, `.path`, `.number`, `.integer`, `.integers`, `.choice`.
public struct ValueType<Value: Sendable>: Sendable {
  /// Stands for the value in the help, such as `N` or `DIR`.
  let placeholder: String
  /// Completes "the value must be ...", or nil where every value is allowed.
  let allowed: String?
  let completion: ValueCompletion
  let parse: @Sendable (String) throws(ValueProblem) -> Value
  /// Writes a value as the command line and the help write it.
  public let format: @Sendable (Value) -> String
}

/// What a shell offers as completions of a value.
public enum ValueCompletion: Equatable, Sendable {
  /// Nothing can be offered.
  case nothing
  /// The names of files and directories.
  case files
  /// The names of directories.
  case directories
  /// The names of commands and of files, for a command line.
  case commands
  /// These words.
  case words([String])
}
