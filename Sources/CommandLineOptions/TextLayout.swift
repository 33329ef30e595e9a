/// Lays out text for a terminal of 80 columns.
enum TextLayout {
  static let width = 80

  /// Breaks the text at spaces, but not after a colon, into lines of at most `width` characters.
  static func wrap(_ text: String, width: Int) -> [String] {
    var pieces: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if let last = pieces.last, last.last == ":" {
        pieces[pieces.count - 1] = "\(last) \(word)"
      } else {
        pieces.append(String(word))
      }
    }
    return wrap(pieces, width: width)
  }

  /// Joins the pieces by spaces into lines of at most `width` characters; only a longer piece makes a longer line.
  static func wrap(_ pieces: [String], width: Int) -> [String] {
    var lines: [String] = []
    for piece in pieces {
      if let last = lines.last, last.count + 1 + piece.count <= width {
        lines[lines.count - 1] = "\(last) \(piece)"
      } else {
        lines.append(piece)
      }
    }
    return lines
  }

  /// A label with its description beside it, from `column` on; a long label has a line of its own.
  static func entry(_ label: String, _ description: String, column: Int) -> [String] {
    let margin = String(repeating: " ", count: column)
    let lines = wrap(description, width: width - column)
    let head = "  " + label
    guard let first = lines.first else { return [head] }
    let rest = lines.dropFirst().map { margin + $0 }
    if head.count + 2 > column { return [head, margin + first] + rest }
    return [head + margin.dropFirst(head.count) + first] + rest
  }
}
