import Environments

@testable import Drawing

/// Reads the PNG files that this package writes, by its own decompressor.
struct PNGReader {
  /// Each chunk's name and content, in order.
  let chunks: [(name: String, content: [UInt8])]

  /// Nil unless every chunk is whole and has the right checksum.
  init?(_ file: [UInt8]) {
    guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else { return nil }
    var chunks: [(String, [UInt8])] = []
    var place = 8
    while place < file.count {
      guard file.count - place >= 12 else { return nil }
      let length = Self.number(file[place..<place + 4])
      guard file.count - place - 12 >= length else { return nil }
      let checked = file[place + 4..<place + 8 + length]
      guard Self.number(file[place + 8 + length..<place + 12 + length]) == Self.remainder(checked) else { return nil }
      chunks.append((String(decoding: checked.prefix(4), as: UTF8.self), Array(checked.dropFirst(4))))
      place += 12 + length
    }
    self.chunks = chunks
  }

  /// The pictures of the file, each as it is when it is shown: one, or as many as an animation has.
  func pictures() -> [Picture] {
    guard let header = chunks.first?.content else { return [] }
    var shown = Picture(width: Self.number(header[0..<4]), height: Self.number(header[4..<8]))
    var (pictures, area): ([Picture], [Int]) = ([], [shown.width, shown.height, 0, 0])
    let palette = chunks.first { $0.name == "PLTE" }?.content
    for (name, content) in chunks {
      switch name {
      case "fcTL": area = [4, 8, 12, 16].map { Self.number(content[$0..<$0 + 4]) }
      case "IDAT", "fdAT":
        let compressed = name == "IDAT" ? content : Array(content.dropFirst(4))
        guard let rows = Inflate.zlib(compressed) else { return [] }
        shown = Self.lay(rows, area, palette, over: shown)
        pictures.append(shown)
      default: break
      }
    }
    return pictures
  }

  private static func lay(_ rows: [UInt8], _ area: [Int], _ palette: [UInt8]?, over picture: Picture) -> Picture {
    var bytes = picture.bytes
    let stride = palette == nil ? 3 * area[0] : area[0]
    var above = [UInt8](repeating: 0, count: stride)
    for y in 0..<area[1] {
      let filter = rows[y * (stride + 1)]
      var row = Array(rows[y * (stride + 1) + 1..<(y + 1) * (stride + 1)])
      if filter == 2 { for index in row.indices { row[index] &+= above[index] } }
      let colors = palette.map { palette in row.flatMap { palette[3 * Int($0)..<3 * Int($0) + 3] } } ?? row
      let start = 3 * ((area[3] + y) * picture.width + area[2])
      bytes.replaceSubrange(start..<start + colors.count, with: colors)
      above = row
    }
    return Picture(width: picture.width, height: picture.height, bytes: bytes) ?? picture
  }

  private static func number(_ bytes: some Sequence<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

  /// CRC-32 bit by bit, as PNG's annex D defines it.
  private static func remainder(_ bytes: some Sequence<UInt8>) -> Int {
    var register: UInt32 = ~0
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register & 1 == 1 ? register >> 1 ^ 0xEDB8_8320 : register >> 1 }
    }
    return Int(~register)
  }
}
