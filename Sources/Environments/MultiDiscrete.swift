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
