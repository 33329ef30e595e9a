/// One integer out of `start ... start + n - 1`.
public struct Discrete: Equatable, Sendable {
  /// How many values there are, at least 1.
  public let n: Int
  /// The least value.
  public let start: Int
  /// The integer type.
  public let type: ScalarType

  /// Creates a space of `n` consecutive integers, which ``fault(n:start:type:)`` has to find nothing wrong with.
  public init(_ n: Int, start: Int = 0, type: ScalarType = .int64) {
    let fault = Self.fault(n: n, start: start, type: type)
    precondition(fault == nil, fault ?? "")
    self.n = n
    self.start = start
    self.type = type
  }

  /// The integers of this space.
  public var values: ClosedRange<Int> { start...start + (n - 1) }

  /// Why `n` integers from `start` on are not a space of that type, as a clause; nil when they are.
  ///
  /// A choice whose number the type does not hold could not be sent (protocol/SPEC.md 10.2, 10.4).
  public static func fault(n: Int, start: Int, type: ScalarType) -> String? {
    guard !type.isFloatingPoint, type != .bool, let range = type.integerRange else {
      return "\"dtype\" has to be an integer type, not \(type)"
    }
    guard n >= 1 else { return "\(n) values are not at least 1" }
    let last = Int128(start) + Int128(n) - 1
    guard range.contains(Int128(start)), range.contains(last), last <= Int.max else {
      return "\(n) values from \(start) on do not fit \(type)"
    }
    return nil
  }
}
