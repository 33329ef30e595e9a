/// Compresses bytes (RFC 1951), in one block with the fixed codes: repetitions are what drawings consist of.
enum Deflate {
  /// The bytes in the wrapper of RFC 1950, as PNG has them.
  static func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var writer = BitWriter([0x78, 0x9C])
    bytes.withUnsafeBufferPointer { compress($0, &writer) }
    let sum = Checksum.adler32(bytes)
    return writer.finish() + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
  }

  private static let window = 32_768
  private static let longest = 258
  /// How many earlier places with the same three bytes are looked at.
  private static let patience = 24

  private static func compress(_ bytes: UnsafeBufferPointer<UInt8>, _ writer: inout BitWriter) {
    writer.write(0b011, count: 3)  // the last block, with the fixed codes
    var latest = [Int32](repeating: -1, count: 1 << 15)
    var earlier = [Int32](repeating: -1, count: bytes.count)
    func remember(_ place: Int) {
      guard place + 2 < bytes.count else { return }
      let key = hash(bytes, place)
      earlier[place] = latest[key]
      latest[key] = Int32(place)
    }
    var place = 0
    while place < bytes.count {
      let match = repetition(in: bytes, at: place, latest, earlier)
      guard match.length >= 3 else {
        writer.write(literal: bytes[place])
        remember(place)
        place += 1
        continue
      }
      writer.write(length: match.length, distance: match.distance)
      for covered in place..<place + match.length { remember(covered) }
      place += match.length
    }
    writer.writeEnd()
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int {
    let key = UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
    return Int((key &* 0x9E37_79B1) >> 17)
  }

  /// The longest of the nearest repetitions; of length 0 if there is none.
  private static func repetition(
    in bytes: UnsafeBufferPointer<UInt8>, at place: Int, _ latest: [Int32], _ earlier: [Int32]
  ) -> (length: Int, distance: Int) {
    var best = (length: 0, distance: 0)
    guard place + 2 < bytes.count else { return best }
    let limit = min(longest, bytes.count - place)
    var candidate = Int(latest[hash(bytes, place)])
    for _ in 0..<patience {
      guard candidate >= 0, place - candidate <= window else { break }
      var length = 0
      while length < limit, bytes[candidate + length] == bytes[place + length] { length += 1 }
      if length > best.length { best = (length, place - candidate) }
      if length == limit { break }
      candidate = Int(earlier[candidate])
    }
    return best
  }
}

/// Bits in the order of RFC 1951: the lowest of a byte first.
private struct BitWriter {
  private var bytes: [UInt8]
  private var pending: UInt64 = 0
  private var count = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func write(_ bits: Int, count width: Int) {
    pending |= UInt64(truncatingIfNeeded: bits) << UInt64(count)
    count += width
    while count >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: pending))
      pending >>= 8
      count -= 8
    }
  }

  mutating func finish() -> [UInt8] {
    if count > 0 { write(0, count: 8 - count) }
    return bytes
  }

  mutating func write(literal: UInt8) { writeCode(Int(literal)) }

  mutating func writeEnd() { writeCode(256) }

  mutating func write(length: Int, distance: Int) {
    let code = Self.lengths.lastIndex { $0 <= length } ?? 0
    writeCode(257 + code)
    // The longest has a code of its own, without further bits.
    write(length - Self.lengths[code], count: code < 8 || code == 28 ? 0 : (code - 4) / 4)
    let far = Self.distances.lastIndex { $0 <= distance } ?? 0
    writeReversed(far, count: 5)
    write(distance - Self.distances[far], count: far < 4 ? 0 : (far - 2) / 2)
  }

  /// The least length of each code (RFC 1951, 3.2.5).
  private static let lengths: [Int] =
    (0..<28).map { $0 < 8 ? $0 + 3 : ((4 + $0 % 4) << (($0 - 4) / 4)) + 3 } + [258]
  /// The least distance of each code.
  private static let distances: [Int] = (0..<30).map { $0 < 4 ? $0 + 1 : ((2 + $0 % 2) << (($0 - 2) / 2)) + 1 }

  /// A code of the fixed table (RFC 1951, 3.2.6).
  private mutating func writeCode(_ symbol: Int) {
    switch symbol {
    case ..<144: writeReversed(0b0011_0000 + symbol, count: 8)
    case ..<256: writeReversed(0b1_1001_0000 + symbol - 144, count: 9)
    case ..<280: writeReversed(symbol - 256, count: 7)
    default: writeReversed(0b1100_0000 + symbol - 280, count: 8)
    }
  }

  private mutating func writeReversed(_ code: Int, count width: Int) {
    var reversed = 0
    for bit in 0..<width where code >> bit & 1 == 1 { reversed |= 1 << (width - 1 - bit) }
    write(reversed, count: width)
  }
}
