/// Text from outside, made fit to be looked at: what a terminal would act upon, or show as nothing, is named instead.
///
/// A server's words reach a person only through here, wherever they stand: in an error, a warning, a log line or a report.
public enum VisibleText {
  /// A text on one line.
  ///
  /// Line ends are written `\n` and `\r`, tabs `\t`; other control characters, invisible ones and spaces that look like
  /// the usual one are written with number and name, such as `<U+FEFF byte order mark>`.
  public static func line(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
    var visible = ""
    for scalar in text.unicodeScalars { append(scalar, to: &visible) }
    return visible
  }

  /// A text that may have several lines; tabs stay as they are.
  public static func lines(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 }) { return text }
    var visible = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" || scalar == "\t" {
        visible.unicodeScalars.append(scalar)
      } else {
        append(scalar, to: &visible)
      }
    }
    return visible
  }

  /// The beginning of a line, `...` behind it if that is not all; no character is cut in two.
  static func excerpt(_ bytes: some Collection<UInt8>, limit: Int = 200) -> String {
    let shown = Array(bytes.prefix(limit))
    if shown.count == bytes.count { return line(String(decoding: shown, as: UTF8.self)) }
    return line(String(decoding: shown.prefix(wholeCharacters(shown)), as: UTF8.self)) + "..."
  }

  /// How many of the first bytes there are whole characters in, where the last one may lack its end.
  static func wholeCharacters(_ bytes: [UInt8]) -> Int {
    // No character has more than four bytes, and all but its first are 0b10xxxxxx.
    guard let start = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return bytes.count }
    let length =
      switch bytes[start] {
      case 0xF0...: 4
      case 0xE0...: 3
      case 0xC0...: 2
      default: 1
      }
    return bytes.count - start < length ? start : bytes.count
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default:
      if isVisible(scalar) {
        text.unicodeScalars.append(scalar)
      } else {
        text += name(scalar)
      }
    }
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return true }
    let properties = scalar.properties
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
    // Variation selectors belong to what is in front of them.
    default: return !properties.isDefaultIgnorableCodePoint || properties.isVariationSelector
    }
  }

  private static func name(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let name = commonNames[scalar.value] ?? scalar.properties.name?.lowercased()
    return "<\(number)\(name.map { " " + $0 } ?? "")>"
  }

  /// What people say where Unicode has no name, as for the controls, or an old one.
  private static let commonNames: [UInt32: String] = [
    0x00: "null", 0x07: "bell", 0x08: "backspace", 0x0B: "vertical tab", 0x0C: "form feed", 0x1B: "escape",
    0x7F: "delete", 0x85: "next line", 0x90: "device control string", 0x9B: "control sequence introducer",
    0x9D: "operating system command", 0xFEFF: "byte order mark",
  ]
}
