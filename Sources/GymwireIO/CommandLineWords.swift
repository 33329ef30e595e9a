/// Splits one line into words as a POSIX shell does, and does nothing else that a shell does.
public enum CommandLineWords {
  /// Why a line is not a command.
  public enum SplitError: Error, Equatable, CustomStringConvertible {
    /// There is no word in it.
    case empty
    /// A quotation mark that nothing closes, with the text from there on.
    case unclosedQuote(Character, rest: String)
    /// A backslash with nothing behind it.
    case trailingBackslash

    /// A sentence that says what to write instead.
    public var description: String {
      switch self {
      case .empty:
        "the command is empty: give a program and its arguments, as in \"./cartpole-server --id CartPole-v1\""
      case .unclosedQuote(let quote, let rest):
        "the quotation mark \(quote) is never closed in the command, from \(rest) on: close it, or write \\\(quote) for the mark itself"
      case .trailingBackslash:
        "the command ends with a backslash that quotes nothing: remove it, or write \\\\ for the backslash itself"
      }
    }
  }

  /// Splits a command into its words (POSIX.1-2024, Shell Command Language, 2.2 Quoting).
  ///
  /// Blanks and newlines separate words. Single quotes keep everything; double quotes keep everything but a backslash
  /// in front of `$`, `` ` ``, `"`, `\` or a newline; a backslash elsewhere keeps the next character, and removes
  /// itself and a newline. Nothing is expanded: `$`, `*`, `~`, `|`, `;`, `#` stand for themselves.
  /// - Returns: at least one word; words may be empty (`""`).
  public static func split(_ line: String) throws(SplitError) -> [String] {
    var words: [String] = []
    var word: String?
    var rest = Substring(line).unicodeScalars

    while let scalar = rest.first {
      let here = rest
      rest.removeFirst()
      switch scalar {
      case " ", "\t", "\n", "\r":
        if let complete = word { words.append(complete) }
        word = nil
      case "'":
        guard let end = rest.firstIndex(of: "'") else {
          throw .unclosedQuote("'", rest: String(Substring(here)))
        }
        word = (word ?? "") + String(Substring(rest[..<end]))
        rest = rest[rest.index(after: end)...]
      case "\"":
        word = word ?? ""
        while true {
          guard let quoted = rest.popFirst() else { throw .unclosedQuote("\"", rest: String(Substring(here))) }
          if quoted == "\"" { break }
          guard quoted == "\\", let next = rest.first, "$`\"\\\n".unicodeScalars.contains(next) else {
            word?.unicodeScalars.append(quoted)
            continue
          }
          rest.removeFirst()
          if next != "\n" { word?.unicodeScalars.append(next) }
        }
      case "\\":
        guard let next = rest.popFirst() else { throw .trailingBackslash }
        if next != "\n" { word = (word ?? "") + String(Character(next)) }
      default:
        word = word ?? ""
        word?.unicodeScalars.append(scalar)
      }
    }
    if let complete = word { words.append(complete) }
    if words.isEmpty { throw .empty }
    return words
  }
}
