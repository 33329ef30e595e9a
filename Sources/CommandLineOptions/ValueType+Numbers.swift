extension ValueType where Value == Double {
  /// A finite number of any size.
  public static func number(_ placeholder: String = "X") -> Self {
    number(Interval(), placeholder)
  }

  /// A finite number from the range's lower to its upper bound.
  public static func number(_ placeholder: String = "X", in range: ClosedRange<Double>) -> Self {
    number(Interval(lower: range.lowerBound, upper: range.upperBound), placeholder)
  }

  /// A finite number from the range's lower bound to below its upper one.
  public static func number(_ placeholder: String = "X", in range: Range<Double>) -> Self {
    number(Interval(lower: range.lowerBound, upper: range.upperBound, excludesUpper: true), placeholder)
  }

  /// A finite number not under the range's bound.
  public static func number(_ placeholder: String = "X", in range: PartialRangeFrom<Double>) -> Self {
    number(Interval(lower: range.lowerBound), placeholder)
  }

  /// A finite number above `bound`, and at most `limit` where one is given.
  public static func number(_ placeholder: String = "X", above bound: Double, upTo limit: Double? = nil) -> Self {
    number(Interval(lower: bound, upper: limit, excludesLower: true), placeholder)
  }

  private static func number(_ interval: Interval<Double>, _ placeholder: String) -> Self {
    let allowed = interval.text(NumberText.text)
    return Self(
      placeholder: placeholder,
      allowed: allowed,
      completion: .nothing,
      parse: { word throws(ValueProblem) in
        guard let value = NumberText.number(word) else {
          throw word.isEmpty ? .empty : .malformed(expected: described("a number", allowed))
        }
        guard interval.contains(value) else { throw .outOfRange(allowed: allowed ?? "") }
        return value
      },
      format: NumberText.text
    )
  }
}

extension ValueType where Value == Int {
  /// An integer of any size.
  public static func integer(_ placeholder: String = "N") -> Self {
    integer(Interval(), placeholder)
  }

  /// An integer from the range's lower to its upper bound.
  public static func integer(_ placeholder: String = "N", in range: ClosedRange<Int>) -> Self {
    integer(Interval(lower: range.lowerBound, upper: range.upperBound), placeholder)
  }

  /// An integer not under the range's bound.
  public static func integer(_ placeholder: String = "N", in range: PartialRangeFrom<Int>) -> Self {
    integer(Interval(lower: range.lowerBound), placeholder)
  }

  /// The seed of a generator: an integer from 0 to 2^53-1, as the protocol has it.
  public static func seed(_ placeholder: String = "S") -> Self {
    integer(placeholder, in: 0...((1 << 53) - 1))
  }

  private static func integer(_ interval: Interval<Int>, _ placeholder: String) -> Self {
    let allowed = interval.text(\.description)
    return Self(
      placeholder: placeholder,
      allowed: allowed,
      completion: .nothing,
      parse: { word throws(ValueProblem) in
        guard let value = NumberText.integer(word) else {
          throw word.isEmpty ? .empty : .malformed(expected: described("an integer", allowed))
        }
        guard interval.contains(value) else { throw .outOfRange(allowed: allowed ?? "") }
        return value
      },
      format: \.description
    )
  }
}

extension ValueType where Value == [Int] {
  /// Integers with commas between them, each in the range; the word `none` stands for an empty list.
  public static func integers(_ placeholder: String = "N,N", in range: ClosedRange<Int>, count: ClosedRange<Int>)
    -> Self
  {
    let each = ValueType<Int>.integer(in: range)
    let number =
      count.lowerBound == count.upperBound
      ? "\(count.lowerBound)" : "\(max(1, count.lowerBound)) to \(count.upperBound)"
    let allowed =
      "\(number) comma-separated integers \(each.allowed ?? "")" + (count.contains(0) ? ", or none" : "")
    return Self(
      placeholder: placeholder,
      allowed: allowed,
      completion: .nothing,
      parse: { word throws(ValueProblem) in
        if word.isEmpty { throw .empty }
        if word == "none", count.contains(0) { return [] }
        var values: [Int] = []
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
          guard let value = NumberText.integer(String(part)) else { throw .malformed(expected: allowed) }
          guard range.contains(value) else { throw .outOfRange(allowed: allowed) }
          values.append(value)
        }
        guard count.contains(values.count) else { throw .outOfRange(allowed: allowed) }
        return values
      },
      format: { $0.isEmpty ? "none" : $0.map(\.description).joined(separator: ",") }
    )
  }
}

private func described(_ noun: String, _ allowed: String?) -> String {
  allowed.map { "\(noun) \($0)" } ?? noun
}
