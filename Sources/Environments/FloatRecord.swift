/// A struct of nothing but Floats, which is a value of a Box of float32 with a name for each number.
///
/// The numbers of the space are the struct's properties in the order of their declaration. Whoever conforms writes the
/// properties and no more.
public protocol FloatRecord: SpaceElement, BitwiseCopyable, Equatable, Sendable {}

extension FloatRecord {
  /// How many numbers there are.
  @inlinable
  @inline(__always)
  public static var width: Int { MemoryLayout<Self>.size / MemoryLayout<Float>.size }

  /// The numbers in order.
  public var numbers: [Float] { withUnsafeBytes(of: self) { Array($0.bindMemory(to: Float.self)) } }

  /// Writes the numbers.
  @inlinable
  @inline(__always)
  public func store(in batch: ValueBatch, row: Int) throws(EnvironmentError) {
    store(in: try batch.numbers(ofRow: row, width: Self.width, as: Float.self), at: 0)
  }

  /// Writes the numbers into a row of many, which begins at `index`.
  @inlinable
  @inline(__always)
  public func store(in numbers: UnsafeMutableBufferPointer<Float>, at index: Int) {
    UnsafeMutableRawBufferPointer(numbers).storeBytes(
      of: self, toByteOffset: index &* MemoryLayout<Float>.stride, as: Self.self)
  }

  /// Reads the numbers.
  @inlinable
  @inline(__always)
  public static func load(from batch: ValueBatch, row: Int) throws(EnvironmentError) -> Self {
    let numbers = try batch.numbers(ofRow: row, width: width, as: Float.self)
    return UnsafeRawBufferPointer(numbers).load(as: Self.self)
  }
}
