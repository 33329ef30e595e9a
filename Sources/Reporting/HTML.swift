/// Pieces of HTML and SVG.
enum HTML {
  /// A text in which nothing means anything to a browser, within an attribute's quotes too.
  static func text(_ text: String) -> String {
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\"": safe += "&quot;"
      case "'": safe += "&#39;"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// A coordinate, with a tenth of a pixel.
  static func coordinate(_ number: Double) -> String {
    let tenths = Int((min(max(number, -1e6), 1e6) * 10).rounded())
    if tenths % 10 == 0 { return "\(tenths / 10)" }
    return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
  }

  /// A number for people, with four digits that mean something.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let size = abs(value)
    if size == 0 { return "0" }
    if size >= 1e6 || size < 1e-4 {
      var (mantissa, exponent) = (value, 0)
      while abs(mantissa) >= 9.9995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
      while abs(mantissa) < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
      return "\(trimmed(mantissa, 3))e\(exponent)"
    }
    var (digits, limit) = (3, 1.0)
    while digits > 0, size >= limit * 10 { (digits, limit) = (digits - 1, limit * 10) }
    if size < 1 { digits = size < 0.01 ? 5 : 4 }
    return trimmed(value, digits)
  }

  /// A number of steps: 960, 28.8k, 2.05M.
  static func count(_ value: Double) -> String {
    switch abs(value) {
    case 1e9...: trimmed(value / 1e9, 2) + "G"
    case 1e6...: trimmed(value / 1e6, 2) + "M"
    case 1e4...: trimmed(value / 1e3, 1) + "k"
    default: trimmed(value, 0)
    }
  }

  private static func trimmed(_ value: Double, _ digits: Int) -> String {
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int64((abs(value) * scale).rounded())
    var text = String(scaled)
    text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    if digits > 0 {
      text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
      while text.hasSuffix("0") { text.removeLast() }
      if text.hasSuffix(".") { text.removeLast() }
    }
    return value < 0 && scaled != 0 ? "−" + text : text
  }
}
