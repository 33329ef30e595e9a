/// Tests on eight bytes at once ("SIMD within a register").
///
/// Every result has bit 7 of a byte set where the test holds. Only the lowest such bit is exact: a borrow may set
/// further ones above it, so results are good for finding the first byte, not for counting.
extension UInt64 {
  /// One byte repeated eight times.
  @inline(__always)
  static func repeating(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

  @inline(__always)
  func bytes(equalTo byte: UInt8) -> UInt64 {
    let difference = self ^ .repeating(byte)
    return (difference &- .repeating(1)) & ~difference & .repeating(0x80)
  }

  /// Where a byte is below `bound`, which is at most 0x80.
  @inline(__always)
  func bytes(below bound: UInt8) -> UInt64 { (self &- .repeating(bound)) & ~self & .repeating(0x80) }

  /// Where a byte cannot stand unescaped in an ASCII JSON string: a quote, a backslash, a control, or not ASCII.
  @inline(__always)
  var bytesThatInterruptString: UInt64 {
    bytes(equalTo: UInt8(ascii: "\"")) | bytes(equalTo: UInt8(ascii: "\\")) | bytes(below: 0x20)
      | (self & .repeating(0x80))
  }
}
