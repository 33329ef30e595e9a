/// Decompresses what RFC 1951 describes, written apart from the compressor: the twin that it is tested against.
struct Inflate {
  private let bytes: [UInt8]
  private var place = 0
  private var output: [UInt8] = []

  /// The content of a zlib stream (RFC 1950) without its checksum; nil if it is broken.
  static func zlib(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.count > 6, bytes[0] & 15 == 8, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 else { return nil }
    var inflate = Inflate(bytes: bytes)
    inflate.place = 16
    return inflate.run() ? inflate.output : nil
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func bit() -> Int {
    defer { place += 1 }
    return place / 8 < bytes.count ? Int(bytes[place / 8] >> UInt8(place % 8) & 1) : 0
  }

  private mutating func number(_ bits: Int) -> Int { (0..<bits).reduce(0) { $0 | bit() << $1 } }

  private mutating func run() -> Bool {
    while true {
      let isLast = bit() == 1
      guard number(2) == 1 else { return false }  // fixed codes alone
      while true {
        let symbol = symbol()
        if symbol == 256 { break }
        guard symbol > 256 else {
          output.append(UInt8(symbol))
          continue
        }
        guard symbol < 286 else { return false }
        let (base, extra) = Self.lengths[symbol - 257]
        let length = base + number(extra)
        let code = (0..<5).reduce(0) { sum, _ in sum << 1 | bit() }
        guard code < 30 else { return false }
        let (far, more) = Self.distances[code]
        let distance = far + number(more)
        guard distance <= output.count else { return false }
        for _ in 0..<length { output.append(output[output.count - distance]) }
        if place / 8 > bytes.count { return false }
      }
      if isLast { return true }
    }
  }

  private mutating func symbol() -> Int {
    var code = (0..<7).reduce(0) { sum, _ in sum << 1 | bit() }
    if code <= 0b001_0111 { return 256 + code }
    code = code << 1 | bit()
    if code <= 0b1011_1111 { return code - 0b0011_0000 }
    if code <= 0b1100_0111 { return 280 + code - 0b1100_0000 }
    code = code << 1 | bit()
    return 144 + code - 0b1_1001_0000
  }

  // The tables of RFC 1951, 3.2.5, as they stand there.
  private static let lengths: [(Int, Int)] = Array(
    zip(
      [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
      ],
      [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]))
  private static let distances: [(Int, Int)] = Array(
    zip(
      [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
      ],
      [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]))
}
