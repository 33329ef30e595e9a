/// The cyclic redundancy check of TFRecord files.
enum CRC32C {
  /// What each byte changes, for the polynomial of Castagnoli, bits reversed.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0x82F6_3B78 }
  }

  /// The check of some bytes (RFC 3720, appendix B.4).
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(~0) { check, byte in check >> 8 ^ table[Int(UInt8(truncatingIfNeeded: check) ^ byte)] }
  }

  /// The check as a TFRecord holds it, so that the check of bytes that hold a check does not become a constant.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let check = checksum(bytes)
    return (check >> 15 | check << 17) &+ 0xA282_EAD8
  }
}
