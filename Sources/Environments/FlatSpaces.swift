/// One value for every element of an array, or one value for each.
public enum PerElement<Value: Equatable & Sendable>: Equatable, Sendable {
  /// The same value everywhere.
  case same(Value)
  /// A row-major list, one value for each element.
  case each([Value])

  /// The value of the element at row-major `index`.
  public subscript(index: Int) -> Value {
    switch self {
    case .same(let value): value
    case .each(let values): values[index]
    }
  }

  /// The length of the list; nil for one value everywhere.
  public var count: Int? {
    switch self {
    case .same: nil
    case .each(let values): values.count
    }
  }
}

/// Numbers of one shape, each between its own bounds (inclusive, possibly infinite).
public struct Box: Equatable, Sendable {
  /// The array's shape; empty for a single number.
  public let shape: [Int]
  /// The type of the numbers.
  public let type: ScalarType
  /// The least value of each element.
  public let low: PerElement<Double>
  /// The greatest value of each element.
  public let high: PerElement<Double>

  /// Creates a space of numbers between `low` and `high`, which ``fault(low:high:)`` has to find nothing wrong with.
  public init(shape: [Int], type: ScalarType = .float32, low: PerElement<Double>, high: PerElement<Double>) {
    let fault = Self.fault(low: low, high: high)
    precondition(fault == nil, fault ?? "")
    self.shape = shape
    self.type = type
    self.low = low
    self.high = high
  }

  /// Why these are not the bounds of a Box, as a clause; nil when they are (protocol/SPEC.md 10.3).
  public static func fault(low: PerElement<Double>, high: PerElement<Double>) -> String? {
    for index in 0..<(low.count ?? high.count ?? 1) {
      if low[index].isNaN || high[index].isNaN { return "element \(index) of \"low\" or \"high\" is not a number" }
      guard low[index] <= high[index] else {
        return "element \(index) of \"low\" is \(low[index]), above \(high[index]) in \"high\""
      }
    }
    return nil
  }
}

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

/// Integers of one shape; element i is one of `start[i] ... start[i] + nvec[i] - 1`.
public struct MultiDiscrete: Equatable, Sendable {
  /// The array's shape.
  public let shape: [Int]
  /// How many values each element has.
  public let nvec: PerElement<Int>
  /// The least value of each element.
  public let start: PerElement<Int>
  /// The integer type.
  public let type: ScalarType

  /// Creates a space of several discrete choices, which ``fault(nvec:start:type:)`` has to find nothing wrong with.
  public init(shape: [Int], nvec: PerElement<Int>, start: PerElement<Int> = .same(0), type: ScalarType = .int64) {
    let fault = Self.fault(nvec: nvec, start: start, type: type)
    precondition(fault == nil, fault ?? "")
    self.shape = shape
    self.nvec = nvec
    self.start = start
    self.type = type
  }

  /// The integers that the element at row-major `index` may have.
  public func values(of index: Int) -> ClosedRange<Int> { start[index]...start[index] + (nvec[index] - 1) }

  /// Why these are not the choices of a MultiDiscrete, as a clause; nil when they are.
  public static func fault(nvec: PerElement<Int>, start: PerElement<Int>, type: ScalarType) -> String? {
    if let fault = Discrete.fault(n: 1, start: 0, type: type) { return fault }
    return (0..<(nvec.count ?? start.count ?? 1)).lazy
      .compactMap { Discrete.fault(n: nvec[$0], start: start[$0], type: type) }.first
  }

  /// Creates a space of one choice for each number of `nvec`.
  public init(_ nvec: [Int]) {
    self.init(shape: [nvec.count], nvec: .each(nvec))
  }
}

/// A string of `minimumLength ... maximumLength` Unicode scalars of an alphabet.
public struct Text: Equatable, Sendable {
  /// The greatest length, in Unicode scalars.
  public let maximumLength: Int
  /// The least length, in Unicode scalars.
  public let minimumLength: Int
  /// The alphabet, each scalar once.
  public let alphabet: String

  /// ASCII letters and digits, the alphabet where none is given.
  public static let alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

  /// Creates a space of strings.
  public init(maximumLength: Int, minimumLength: Int = 1, alphabet: String = Text.alphanumeric) {
    self.maximumLength = maximumLength
    self.minimumLength = minimumLength
    self.alphabet = alphabet
  }
}
