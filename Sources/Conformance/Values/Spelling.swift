import JSONLines

/// Ways to write a number that all mean the same (clauses 8.1 and 8.2).
enum Spelling: CaseIterable {
  /// `1.0`, `0.50`.
  case trailingZero
  /// `1e0`, `0.5e0`.
  case exponent
  /// `10e-1`, `5E-1`: digits moved into the exponent.
  case shifted
  /// `-0` and no other number.
  case minusZero

  /// A value with each of its numbers written in this way.
  func text(of value: JSONValue) -> String {
    switch value {
    case .integer(let integer): spell("\(integer)")
    case .number: spell(value.text)
    case .array(let elements): "[" + elements.map(text(of:)).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { JSONValue.string($0.name).text + ":" + text(of: $0.value) }.joined(separator: ",") + "}"
    default: value.text
    }
  }

  private func spell(_ number: String) -> String {
    if self == .minusZero { return number == "0" ? "-0" : number }
    let hasExponent = number.contains { $0 == "e" || $0 == "E" }
    switch self {
    case .minusZero: return number
    case .trailingZero: return hasExponent ? number : number.contains(".") ? number + "0" : number + ".0"
    case .exponent: return hasExponent ? number : number + "e0"
    case .shifted:
      if hasExponent { return number }
      guard let point = number.firstIndex(of: ".") else { return (number + "0e-1").withoutLeadingZeros }
      let digits = number[number.index(after: point)...]
      return "\(number[..<point])\(digits)E-\(digits.count)".withoutLeadingZeros
    }
  }
}

extension String {
  /// JSON knows no leading zeros: `-005E-1` is `-5E-1`.
  fileprivate var withoutLeadingZeros: String {
    let isNegative = hasPrefix("-")
    var digits = isNegative ? dropFirst() : self[...]
    while digits.hasPrefix("0"), digits.dropFirst().first?.isNumber == true { digits = digits.dropFirst() }
    return (isNegative ? "-" : "") + digits
  }
}
