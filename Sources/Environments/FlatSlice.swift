/// Some numbers of a ``FlatArray``: a view that owns nothing, so that handing it on costs nothing.
///
/// Whoever makes one keeps the array for as long as it is used.
public struct FlatSlice {
  /// The type of every number.
  public let type: ScalarType
  /// How many numbers there are.
  public let count: Int
  @usableFromInline let start: UnsafeMutableRawPointer?

  @inlinable
  init(_ type: ScalarType, count: Int, start: UnsafeMutableRawPointer?) {
    (self.type, self.count, self.start) = (type, count, start)
  }

  /// The memory, `count * type.size` bytes, in native byte order.
  @inlinable
  public var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: start, count: count &* type.size)
  }

  /// The numbers as Swift values; `Scalar` has to be the Swift type of `type`.
  @inlinable
  public func numbers<Scalar: BitwiseCopyable>(as _: Scalar.Type) -> UnsafeMutableBufferPointer<Scalar> {
    precondition(MemoryLayout<Scalar>.size == type.size, "the Swift type has another size than the array's numbers")
    return UnsafeMutableBufferPointer(start: start?.assumingMemoryBound(to: Scalar.self), count: count)
  }

  /// The number at `index` as the nearest Double.
  public func double(at index: Int) -> Double {
    switch type {
    case .float16: Self.widen(numbers(as: UInt16.self)[index])
    case .float32: Double(numbers(as: Float.self)[index])
    case .float64: numbers(as: Double.self)[index]
    default: Double(integer(at: index))
    }
  }

  /// The number at `index` as an integer; fractions are cut towards zero, and what is not finite is 0.
  public func integer(at index: Int) -> Int128 {
    switch type {
    case .int8: Int128(numbers(as: Int8.self)[index])
    case .int16: Int128(numbers(as: Int16.self)[index])
    case .int32: Int128(numbers(as: Int32.self)[index])
    case .int64: Int128(numbers(as: Int64.self)[index])
    case .uint8, .bool: Int128(numbers(as: UInt8.self)[index])
    case .uint16: Int128(numbers(as: UInt16.self)[index])
    case .uint32: Int128(numbers(as: UInt32.self)[index])
    case .uint64: Int128(numbers(as: UInt64.self)[index])
    case .float16, .float32, .float64: Int128(exactly: double(at: index).rounded(.towardZero)) ?? 0
    }
  }

  /// Stores a number, rounded to the type: of an integer type, towards zero, and to the nearest end beyond its range.
  ///
  /// Not a number is stored as 0 in an integer type.
  public func set(_ value: Double, at index: Int) {
    switch type {
    case .float16: numbers(as: UInt16.self)[index] = Self.narrow(value)
    case .float32: numbers(as: Float.self)[index] = Float(value)
    case .float64: numbers(as: Double.self)[index] = value
    default:
      guard let range = type.integerRange, !value.isNaN else { return set(0 as Int128, at: index) }
      // A Double that no Int128 holds is far beyond every type.
      let integer = Int128(exactly: value.rounded(.towardZero)) ?? (value < 0 ? range.lowerBound : range.upperBound)
      set(min(max(integer, range.lowerBound), range.upperBound), at: index)
    }
  }

  /// Stores an integer; of one outside the type's range, the low bits.
  public func set(_ value: Int128, at index: Int) {
    switch type {
    case .int8, .uint8, .bool: numbers(as: UInt8.self)[index] = UInt8(truncatingIfNeeded: value)
    case .int16, .uint16: numbers(as: UInt16.self)[index] = UInt16(truncatingIfNeeded: value)
    case .int32, .uint32: numbers(as: UInt32.self)[index] = UInt32(truncatingIfNeeded: value)
    case .int64, .uint64: numbers(as: UInt64.self)[index] = UInt64(truncatingIfNeeded: value)
    case .float16, .float32, .float64: set(Double(value), at: index)
    }
  }
}

// Float16 is not available on every platform that Swift runs on, so its bits are converted here (IEEE 754 binary16).
extension FlatSlice {
  static func widen(_ bits: UInt16) -> Double {
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10) & 0x1F
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 0x1F: return fraction == 0 ? sign * .infinity : .nan
    default: return Double(sign: .plus, exponent: exponent - 25, significand: sign * (1024 + fraction))
    }
  }

  /// The nearest binary16, ties to even.
  static func narrow(_ value: Double) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let magnitude = value.magnitude
    if value.isNaN { return 0x7E00 }
    if magnitude >= 65520 { return sign | 0x7C00 }
    if magnitude < 0x1p-14 { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
    let exponent = Int(magnitude.exponent)
    let scaled = Double(sign: .plus, exponent: 10 - exponent, significand: magnitude).rounded(.toNearestOrEven)
    // A significand that rounds up to 2048 carries into the exponent by plain addition.
    return sign | (UInt16(exponent + 14) << 10) &+ UInt16(scaled)
  }
}
