/// Reads and writes numbers as people type them.
enum NumberText {
  /// Accepts decimal digits with an optional sign, fraction and exponent; nil for anything else and for what overflows.
  static func number(_ word: String) -> Double? {
    // Double's own initialiser also takes "inf", "nan" and hexadecimal digits, which are slips on a command line.
    guard word.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(word), value.isFinite else {
      return nil
    }
    return value
  }

  /// Also accepts a power of ten such as `1e6` where it is exact, since step counts are written so.
  static func integer(_ word: String) -> Int? {
    if let value = Int(word) { return value }
    guard word.contains(where: { "eE".contains($0) }), let value = number(word), abs(value) <= 0x1p53 else {
      return nil
    }
    return Int(exactly: value)
  }

  /// Looks like a negative number, and so is a value and not an option.
  static func isNegative(_ word: String) -> Bool {
    guard word.first == "-", let second = word.dropFirst().first else { return false }
    return second.isNumber || second == "." || word == "-inf" || word == "-nan"
  }

  /// The shortest text that reads back as the value, without `.0` and without zeros in the exponent.
  static func text(_ value: Double) -> String {
    if let integer = Int(exactly: value), abs(value) < 1e15 { return integer.description }
    let text = value.description
    guard let exponent = text.firstRange(of: "e-0") else { return text }
    return text[..<exponent.lowerBound] + "e-" + text[exponent.upperBound...]
  }
}
