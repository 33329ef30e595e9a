/// Why a child process could not be started.
public struct ChildProcessError: Error, CustomStringConvertible, Sendable {
  /// What is wrong with the command.
  public enum Reason: Hashable, Sendable {
    /// No such file, or no such program on the path.
    case notFound
    /// The file is there, but it may not be run.
    case notExecutable
    /// The path is a directory.
    case isDirectory
    /// The file may be run, but the system cannot: a missing interpreter or loader, or no program at all.
    case cannotRun
    /// The system has no more processes, memory or descriptors.
    case system
  }

  /// What is wrong with the command.
  public let reason: Reason
  /// The command, as its words.
  public let command: [String]
  let detail: String

  /// A sentence that names the command, what was found, and what to do.
  public var description: String { "cannot start \(ShellWords.quote(command)): \(detail)" }
}

/// Words written so that a shell, and ``CommandLineWords``, read them back.
public enum ShellWords {
  /// The words as one line, each in quotes if it needs them.
  public static func quote(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }

  private static func quote(_ word: String) -> String {
    let plain = word.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: true
      default: "-_./:=,+@%".utf8.contains($0)
      }
    }
    if plain, !word.isEmpty { return word }
    var quoted = "'"
    for character in word { quoted += character == "'" ? "'\\''" : String(character) }
    return quoted + "'"
  }
}
