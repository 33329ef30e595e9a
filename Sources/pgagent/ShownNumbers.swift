// Numbers as people read them.

extension Int {
  /// The digits in groups of three: 12,288.
  var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }
}

extension Double {
  /// The number with a fixed count of digits behind the point.
  func fixed(_ digits: Int) -> String {
    guard isFinite else { return "\(self)" }
    let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    let scaled = Int128(exactly: (magnitude * scale).rounded()) ?? 0
    let text = String(scaled)
    let padded = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
    let sign = sign == .minus && scaled != 0 ? "-" : ""
    return digits == 0 ? sign + padded : sign + padded.dropLast(digits) + "." + padded.suffix(digits)
  }

  /// The number with three digits that mean something, and one behind the point at least: 231.4, 9.31, 0.0725.
  var shown: String {
    guard magnitude < 1e9 else { return isFinite ? "\(self)" : fixed(1) }
    guard magnitude < 10, self != 0 else { return fixed(1) }
    var (digits, size) = (2, magnitude)
    while size < 1, digits < 6 {
      size *= 10
      digits += 1
    }
    return fixed(digits)
  }

  /// A number of seconds as people say it: 0.4 s, 12 s, 4 min, 3 h 20 min.
  var duration: String {
    guard isFinite, self < 1e9 else { return "long" }
    if self < 9.95 { return "\(fixed(1)) s" }
    if self < 99.5 { return "\(fixed(0)) s" }
    let minutes = Int((self / 60).rounded())
    return minutes < 120 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}
