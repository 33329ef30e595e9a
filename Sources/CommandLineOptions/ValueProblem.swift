/// Why a word is not a value of an option's type; `UsageError` makes the sentence.
public enum ValueProblem: Error, Equatable, Sendable {
  /// The word is empty.
  case empty
  /// The word cannot be read at all; `expected` completes "must be ...".
  case malformed(expected: String)
  /// The word can be read, but its value is not allowed; `allowed` completes "must be ...".
  case outOfRange(allowed: String)
  /// The word is none of the choices; `suggestions` are the choices most like it.
  case unknownChoice(choices: [String], suggestions: [String])
}
