/// The shells for which completion scripts are written.
enum Shell: String, CaseIterable, Sendable {
  case bash, zsh, fish
}

extension Program {
  func completionScript(_ shell: Shell) -> String {
    switch shell {
    case .bash: BashCompletion.script(self)
    case .zsh: ZshCompletion.script(self)
    case .fish: FishCompletion.script(self)
    }
  }

  /// The name as part of a shell function's name.
  var identifier: String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}

/// The text between single quotes in a POSIX shell.
func singleQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
