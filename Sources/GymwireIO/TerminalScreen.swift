/// The whole screen of a terminal, and its keys, until this ends.
///
/// Whatever ends the program, but SIGKILL, gives the terminal back as it was; so does Ctrl-Z until the program goes on.
public final class TerminalScreen {
  private let output: FileDescriptor
  private let input: FileDescriptor?
  private var lastSize: (columns: Int, rows: Int)?

  /// Takes the screen behind `output`, and the keys of `input` if that is a terminal.
  public init(output: FileDescriptor = .standardOutput, input: FileDescriptor = .standardInput) {
    self.output = output
    self.input = input.isTerminal ? input : nil
    Platform.takeTerminal(input: self.input?.rawValue, output: output.rawValue)
    Platform.atExit { Platform.giveTerminalBack() }
  }

  deinit { Platform.releaseTerminal() }

  /// Columns and rows as they are now.
  public var size: (columns: Int, rows: Int) { Platform.terminalSize(output.rawValue) ?? (80, 24) }

  /// Shows these lines and nothing else, in one piece so that nothing flickers; what is too long is cut off.
  public func show(_ lines: [String]) throws(DescriptorError) {
    let size = size
    var text = "\u{1B}[?2026h"
    if let lastSize, lastSize != size { text += "\u{1B}[2J" }
    lastSize = size
    text += "\u{1B}[H"
    for (index, line) in lines.prefix(size.rows).enumerated() {
      text += (index == 0 ? "" : "\r\n") + line + "\u{1B}[0m\u{1B}[K"
    }
    text += "\u{1B}[J\u{1B}[?2026l"
    try output.writeAll(text)
  }

  /// The keys that are hit within some time; empty if none is, or if keys do not come from a terminal.
  public func keys(within limit: Duration) -> [UInt8] {
    guard let input else {
      // No descriptor is ever ready under this number, so this waits, and ends when somebody asks the program to stop.
      _ = FileDescriptor(rawValue: -1).isReadable(within: limit)
      return []
    }
    guard input.isReadable(within: limit) else { return [] }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = bytes.withUnsafeMutableBytes { Platform.read(input.rawValue, $0) }
    return count > 0 ? Array(bytes.prefix(count)) : []
  }
}
