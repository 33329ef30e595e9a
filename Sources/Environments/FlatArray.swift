/// A fixed number of numbers of one type in memory of its own: the storage of every flat value.
///
/// A reference, so that the wire, the environment and the rollout can share one buffer without copies. Not safe to
/// share between threads that write.
public final class FlatArray {
  /// The type of every number.
  public let type: ScalarType
  /// How many numbers there are.
  public let count: Int
  /// The memory, `count * type.size` bytes, aligned to 64 bytes, in native byte order.
  public let bytes: UnsafeMutableRawBufferPointer

  /// Creates an array of zeros.
  public init(_ type: ScalarType, count: Int) {
    self.type = type
    self.count = count
    bytes = .allocate(byteCount: count * type.size, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }

  /// The numbers as Swift values; `Scalar` has to be the Swift type of `type`.
  @inlinable
  public func numbers<Scalar: BitwiseCopyable>(as _: Scalar.Type) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(MemoryLayout<Scalar>.size == type.size, "the Swift type has another size than the array's numbers")
    return bytes.bindMemory(to: Scalar.self)
  }

  /// The numbers as Float; nil when they are of another type.
  public var floats: UnsafeMutableBufferPointer<Float>? { type == .float32 ? numbers(as: Float.self) : nil }

  /// All numbers.
  @inlinable
  public var slice: FlatSlice { FlatSlice(type, count: count, start: bytes.baseAddress) }

  /// Some of the numbers.
  @inlinable
  @inline(__always)
  public subscript(range: Range<Int>) -> FlatSlice {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "there are no such numbers")
    return FlatSlice(type, count: range.count, start: bytes.baseAddress.map { $0 + range.lowerBound * type.size })
  }

  /// The number at `index` as the nearest Double.
  public func double(at index: Int) -> Double { slice.double(at: index) }

  /// The number at `index` as an integer; fractions are cut towards zero, and what is not finite is 0.
  public func integer(at index: Int) -> Int128 { slice.integer(at: index) }

  /// Stores a number, rounded to the type: of an integer type, towards zero, and to the nearest end beyond its range.
  ///
  /// Not a number is stored as 0 in an integer type.
  public func set(_ value: Double, at index: Int) { slice.set(value, at: index) }

  /// Stores an integer; of one outside the type's range, the low bits.
  public func set(_ value: Int128, at index: Int) { slice.set(value, at: index) }

  /// Copies numbers `from..<from + count` of an array of the same type to `at...` here.
  @inlinable
  public func copy(_ source: FlatArray, from: Int, count: Int, at: Int) {
    precondition(source.type == type, "both arrays have one type")
    let size = type.size
    UnsafeMutableRawBufferPointer(rebasing: bytes[at * size..<(at + count) * size])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: source.bytes[from * size..<(from + count) * size]))
  }
}

extension FlatArray: Equatable {
  /// Whether both have one type, one length, and the same bits.
  public static func == (left: FlatArray, right: FlatArray) -> Bool {
    left.type == right.type && left.count == right.count && left.bytes.elementsEqual(right.bytes)
  }
}
