/// Pictures as PNG files (ISO/IEC 15948): with a palette where 256 colours suffice, else with three bytes for each pixel.
public enum PNGFile {
  /// The bytes of a file with one picture.
  public static func encode(_ picture: Picture) -> [UInt8] {
    let palette = Palette(of: [picture])
    return signature + header(width: picture.width, height: picture.height, palette)
      + chunk("IDAT", pixels(of: picture, palette)) + chunk("IEND", [])
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// What comes before the pixels: the size, and the palette if there is one.
  static func header(width: Int, height: Int, _ palette: Palette?) -> [UInt8] {
    let size = bigEndian(width) + bigEndian(height) + [8, palette == nil ? 2 : 3, 0, 0, 0]
    return chunk("IHDR", size) + (palette.map { chunk("PLTE", $0.bytes) } ?? [])
  }

  static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    let checked = Array(type.utf8) + content
    return bigEndian(content.count) + checked + bigEndian(Int(Checksum.crc32(checked)))
  }

  static func bigEndian(_ number: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) } }

  /// The compressed rows of a picture.
  static func pixels(of picture: Picture, _ palette: Palette?) -> [UInt8] {
    let rows = palette.map { indexedRows(of: picture, $0) } ?? colorRows(of: picture)
    return Deflate.zlib(rows)
  }

  private static func indexedRows(of picture: Picture, _ palette: Palette) -> [UInt8] {
    var rows: [UInt8] = []
    rows.reserveCapacity((picture.width + 1) * picture.height)
    picture.bytes.withUnsafeBufferPointer { bytes in
      // Neighbours are mostly of one colour, which is looked up once.
      var (last, index): (UInt32?, UInt8) = (nil, 0)
      for place in 0..<picture.width * picture.height {
        if place % picture.width == 0 { rows.append(0) }
        let key = Palette.key(bytes, 3 * place)
        if key != last { (last, index) = (key, palette.index(of: key)) }
        rows.append(index)
      }
    }
    return rows
  }

  /// Differences from the row above, which are small or nothing where a picture has many colours.
  private static func colorRows(of picture: Picture) -> [UInt8] {
    let stride = 3 * picture.width
    var rows: [UInt8] = []
    rows.reserveCapacity((stride + 1) * picture.height)
    picture.bytes.withUnsafeBufferPointer { bytes in
      for place in 0..<bytes.count {
        if place % stride == 0 { rows.append(2) }
        rows.append(bytes[place] &- (place < stride ? 0 : bytes[place - stride]))
      }
    }
    return rows
  }
}
