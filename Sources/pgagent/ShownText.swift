import Drawing
import Environments
import GymwireIO

/// Pictures and texts as lines for a terminal.
enum ShownText {
  /// Which colours a terminal knows.
  enum Colors {
    case none, some, all

    /// Those that the surroundings promise.
    static var here: Colors {
      let environment = Terminal.environment
      guard Terminal.allowsColor(environment) else { return .none }
      return Terminal.hasAllColors(environment) ? .all : .some
    }
  }

  /// The lines of a server's text, each cut off at `columns` characters.
  ///
  /// Of all that a terminal would act upon, colours alone are let through, and they only where they are wanted.
  static func lines(of text: String, columns: Int, _ colors: Colors) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var (shown, width) = ("", 0)
      var rest = line.unicodeScalars[...]
      while !rest.isEmpty {
        if let sequence = colorSequence(rest) {
          if colors != .none { shown += String(sequence) }
          rest = rest.dropFirst(sequence.count)
          continue
        }
        let plain = rest.prefix { $0 != "\u{1B}" }
        // An escape that begins no colour is named like every other control character.
        let piece = plain.isEmpty ? rest.prefix(1) : plain
        for character in VisibleText.line(String(piece)) where width < columns {
          shown.append(character)
          width += 1
        }
        rest = rest.dropFirst(piece.count)
      }
      return shown
    }
  }

  /// `ESC [ 1 ; 31 m` at the beginning of a text (ECMA-48, SGR).
  private static func colorSequence(_ text: Substring.UnicodeScalarView) -> Substring.UnicodeScalarView? {
    guard text.starts(with: ["\u{1B}", "["]) else { return nil }
    let parameters = text.dropFirst(2).prefix(40).prefix { ("0"..."9").contains($0) || $0 == ";" }
    guard text.dropFirst(2 + parameters.count).first == "m" else { return nil }
    return text.prefix(3 + parameters.count)
  }

  /// A picture in the upper and lower halves of characters, as large as fits; without colours as dots.
  static func lines(of picture: Picture, columns: Int, rows: Int, _ colors: Colors) -> [String] {
    guard colors != .none else {
      let small = picture.fitted(columns: 2 * columns, rows: 4 * rows)
      return BrailleText.text(of: small, background: small[0, 0]).split(separator: "\n").map(String.init)
    }
    let small = picture.fitted(columns: columns, rows: 2 * rows)
    return stride(from: 0, to: small.height, by: 2).map { y in
      var (line, upper, lower) = ("", nil as Scene.Color?, nil as Scene.Color?)
      for x in 0..<small.width {
        let (top, bottom) = (small[x, y], y + 1 < small.height ? small[x, y + 1] : small[x, y])
        // Only where a colour changes is it told again.
        if top != upper { line += sequence(38, top, colors) }
        if bottom != lower { line += sequence(48, bottom, colors) }
        (upper, lower) = (top, bottom)
        line += "▀"
      }
      return line
    }
  }

  private static func sequence(_ ground: Int, _ color: Scene.Color, _ colors: Colors) -> String {
    if colors == .all { return "\u{1B}[\(ground);2;\(color.red);\(color.green);\(color.blue)m" }
    // The cube of 6 x 6 x 6 colours, and 24 shades of grey beside it.
    let parts = [color.red, color.green, color.blue].map(Int.init)
    if let least = parts.min(), let most = parts.max(), most - least < 12 {
      let shade = (least + most) / 2
      let number = shade < 4 ? 16 : shade > 246 ? 231 : 232 + min(23, max(0, (shade - 3) / 10))
      return "\u{1B}[\(ground);5;\(number)m"
    }
    let levels = parts.map { $0 < 48 ? 0 : $0 < 115 ? 1 : min(5, ($0 - 35) / 40) }
    return "\u{1B}[\(ground);5;\(16 + 36 * levels[0] + 6 * levels[1] + levels[2])m"
  }
}

extension Picture {
  /// The picture with its ratio of sides, as large as fits.
  fileprivate func fitted(columns: Int, rows: Int) -> Picture {
    let scale = min(Double(max(1, columns)) / Double(width), Double(max(1, rows)) / Double(height))
    return resized(width: max(1, Int(Double(width) * scale)), height: max(1, Int(Double(height) * scale)))
  }
}
