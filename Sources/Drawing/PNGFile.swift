import Environments

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
    var rows: [UInt8] = []
    if let palette {
      rows.reserveCapacity((picture.width + 1) * picture.height)
      for y in 0..<picture.height {
        rows.append(0)
        for x in 0..<picture.width { rows.append(palette.index(of: picture[x, y])) }
      }
    } else {
      let stride = 3 * picture.width
      rows.reserveCapacity((stride + 1) * picture.height)
      for y in 0..<picture.height {
        // Differences from the row above are small or nothing where a picture has many colours.
        rows.append(2)
        for index in y * stride..<(y + 1) * stride {
          rows.append(picture.bytes[index] &- (y == 0 ? 0 : picture.bytes[index - stride]))
        }
      }
    }
    return Deflate.zlib(rows)
  }
}

/// The colours of some pictures, where there are 256 at most.
struct Palette {
  private var indices: [UInt32: UInt8] = [:]
  /// Three bytes for each colour.
  private(set) var bytes: [UInt8] = []

  init?(of pictures: [Picture]) {
    for picture in pictures {
      var last: UInt32?
      for index in stride(from: 0, to: picture.bytes.count, by: 3) {
        let key = Self.key(picture.bytes[index], picture.bytes[index + 1], picture.bytes[index + 2])
        if key == last { continue }
        last = key
        guard indices[key] == nil else { continue }
        guard indices.count < 256 else { return nil }
        indices[key] = UInt8(indices.count)
        bytes += picture.bytes[index..<index + 3]
      }
    }
  }

  func index(of color: Scene.Color) -> UInt8 { indices[Self.key(color.red, color.green, color.blue)] ?? 0 }

  private static func key(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt32 {
    UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
  }
}
