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

  /// Creates a space of numbers between `low` and `high`.
  public init(shape: [Int], type: ScalarType = .float32, low: PerElement<Double>, high: PerElement<Double>) {
    self.shape = shape
    self.type = type
    self.low = low
    self.high = high
  }
}

/// One integer out of `start ..< start + n`.
public struct Discrete: Equatable, Sendable {
  /// How many values there are, at least 1.
  public let n: Int
  /// The least value.
  public let start: Int
  /// The integer type.
  public let type: ScalarType

  /// Creates a space of `n` consecutive integers.
  public init(_ n: Int, start: Int = 0, type: ScalarType = .int64) {
    self.n = n
    self.start = start
    self.type = type
  }
}

/// Integers of one shape; element i is one of `start[i] ..< start[i] + nvec[i]`.
public struct MultiDiscrete: Equatable, Sendable {
  /// The array's shape.
  public let shape: [Int]
  /// How many values each element has.
  public let nvec: PerElement<Int>
  /// The least value of each element.
  public let start: PerElement<Int>
  /// The integer type.
  public let type: ScalarType

  /// Creates a space of several discrete choices.
  public init(shape: [Int], nvec: PerElement<Int>, start: PerElement<Int> = .same(0), type: ScalarType = .int64) {
    self.shape = shape
    self.nvec = nvec
    self.start = start
    self.type = type
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
