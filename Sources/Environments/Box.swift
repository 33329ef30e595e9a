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
