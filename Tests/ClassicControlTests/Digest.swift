/// The FNV-1a hash (64 bits) of the big-endian bytes of numbers.
struct Digest {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ numbers: [Double]) {
    for number in numbers { add(bigEndian: number.bitPattern) }
  }

  mutating func add(_ numbers: [Float]) {
    for number in numbers { add(bigEndian: number.bitPattern) }
  }

  private mutating func add(bigEndian bits: some FixedWidthInteger) {
    withUnsafeBytes(of: bits.bigEndian) { bytes in
      for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
  }
}
