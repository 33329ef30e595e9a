import GymwireIO

/// Some lines at the end of a terminal that are written over again and again.
struct LiveLines {
  private let output: FileDescriptor
  /// The visible lengths of the lines that are there now.
  private var lengths: [Int] = []

  init(_ output: FileDescriptor) { self.output = output }

  /// A line, and how many characters of it are visible.
  struct Line {
    var text: String
    var length: Int

    init(_ text: String, length: Int? = nil) {
      self.text = text
      self.length = length ?? text.count
    }
  }

  /// The room for each line: the last column stays free, since some terminals fold a line that fills it.
  var width: Int { max(1, (Terminal.size(of: output)?.columns ?? 80) - 1) }

  /// Writes the lines, each no longer than ``width``, over those before.
  mutating func show(_ lines: [Line]) {
    var text = "\u{1B}[?2026h" + back
    for (index, line) in lines.enumerated() { text += (index == 0 ? "" : "\n") + line.text + "\u{1B}[K" }
    lengths = lines.map(\.length)
    try? output.writeAll(text + "\u{1B}[J\u{1B}[?2026l")
  }

  /// Leaves the lines as they are, so that what follows begins on one of its own.
  mutating func finish() {
    if !lengths.isEmpty { try? output.writeAll("\n") }
    lengths = []
  }

  /// The way to the beginning of the lines that are there.
  private var back: String {
    guard !lengths.isEmpty else { return "\r" }
    // A terminal that has become narrower since has folded the lines.
    let columns = width + 1
    let rows = lengths.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
    return rows > 1 ? "\r\u{1B}[\(rows - 1)A" : "\r"
  }
}
