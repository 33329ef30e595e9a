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

/// The colours of some pictures, where there are 256 at most.
struct Palette {
  private var indices: [UInt32: UInt8] = [:]
  /// Three bytes for each colour.
  private(set) var bytes: [UInt8] = []

  init?(of pictures: [Picture]) {
    for picture in pictures {
      guard picture.bytes.withUnsafeBufferPointer({ add($0) }) else { return nil }
    }
  }

  /// Adds the colours of a picture; false if there are too many then.
  private mutating func add(_ pixels: UnsafeBufferPointer<UInt8>) -> Bool {
    var last: UInt32?
    for place in stride(from: 0, to: pixels.count, by: 3) {
      let key = Self.key(pixels, place)
      if key == last { continue }
      last = key
      guard indices[key] == nil else { continue }
      guard indices.count < 256 else { return false }
      indices[key] = UInt8(indices.count)
      bytes += pixels[place..<place + 3]
    }
    return true
  }

  func index(of key: UInt32) -> UInt8 { indices[key] ?? 0 }

  /// A colour as one number.
  static func key(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> UInt32 {
    UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2])
  }
}
