/// The checksum at the end of a part beside a checkpoint, so that what is behind it can be attacked, too.
///
/// FNV-1a over 64-bit words, the last of them filled up with zeros, and then over the length.
enum Seal {
  private static let size = 8

  /// The bytes with a last word that fits those before it.
  static func renewed(_ bytes: [UInt8]) -> [UInt8] {
    let content = bytes.dropLast(size)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01B3 }
    for start in stride(from: 0, through: content.count, by: size) {
      mix(content.dropFirst(start).prefix(size).reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
    mix(UInt64(content.count))
    let sum = hash ^ hash >> 32
    return content + (0..<size).map { UInt8(truncatingIfNeeded: sum >> UInt64(8 * $0)) }
  }
}
