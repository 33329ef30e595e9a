/// The type of the numbers in a flat space, named as NumPy and the protocol name it (`dtype`).
///
/// Source: protocol/SPEC.md, "Spaces".
public enum ScalarType: String, CaseIterable, Sendable {
  case float16, float32, float64
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  /// A truth value, stored in one byte as 0 or 1.
  case bool

  /// The size of one number in bytes.
  public var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// Whether fractions and non-finite values exist in this type.
  public var isFloatingPoint: Bool {
    switch self {
    case .float16, .float32, .float64: true
    default: false
    }
  }

  /// The integers that this type holds; meaningless for floating-point types, for which it is empty.
  public var integerRange: ClosedRange<Int128>? {
    switch self {
    case .float16, .float32, .float64: nil
    case .int8: -0x80...0x7F
    case .int16: -0x8000...0x7FFF
    case .int32: -0x8000_0000...0x7FFF_FFFF
    case .int64: Int128(Int64.min)...Int128(Int64.max)
    case .uint8: 0...0xFF
    case .uint16: 0...0xFFFF
    case .uint32: 0...0xFFFF_FFFF
    case .uint64: 0...Int128(UInt64.max)
    case .bool: 0...1
    }
  }
}
