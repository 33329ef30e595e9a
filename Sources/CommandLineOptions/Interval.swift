/// The values that a numeric option accepts, with a text for help and errors.
struct Interval<Bound: Comparable & Sendable>: Sendable {
  var lower: Bound?
  var upper: Bound?
  var excludesLower = false
  var excludesUpper = false

  func contains(_ value: Bound) -> Bool {
    if let lower, excludesLower ? value <= lower : value < lower { return false }
    if let upper, excludesUpper ? value >= upper : value > upper { return false }
    return true
  }

  /// Completes the sentence "a value must be ...", or nil where every value is accepted.
  func text(_ format: (Bound) -> String) -> String? {
    let low = lower.map { (excludesLower ? "above " : "at least ") + format($0) }
    let high = upper.map { (excludesUpper ? "below " : "at most ") + format($0) }
    if let lower, let upper, !excludesLower, !excludesUpper { return "from \(format(lower)) to \(format(upper))" }
    if let low, let high { return "\(low) and \(high)" }
    return low ?? high
  }
}
