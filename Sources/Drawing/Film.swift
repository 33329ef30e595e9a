import Environments

/// Pictures that follow one another, kept as what changes from one to the next, and written as an animated PNG.
public struct Film: Sendable {
  private let width: Int
  private let height: Int
  private var pieces: [Piece] = []
  private var last: Picture?

  /// What changes of a picture, and for how many milliseconds it is shown then.
  private struct Piece {
    var area: Area
    var picture: Picture
    var milliseconds: Int
  }

  /// The number of pictures.
  public var count: Int { pieces.count }

  /// A film of pictures of one size.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Adds a picture; one of another size is brought to the film's own.
  ///
  /// - Parameter milliseconds: how long it is shown, 1 ... 65535.
  public mutating func append(_ picture: Picture, milliseconds: Int) {
    let isFitting = picture.width == width && picture.height == height
    let picture = isFitting ? picture : picture.resized(width: width, height: height)
    let area = last.map { picture.change(from: $0) } ?? Area(x: 0, y: 0, width: width, height: height)
    pieces.append(
      Piece(area: area, picture: picture.cut(area), milliseconds: min(max(1, milliseconds), 65535)))
    last = picture
  }

  /// The bytes of a file (APNG 1.0), which is played again and again; empty without pictures.
  ///
  /// Browsers, viewers and ImageMagick play it; others show its first picture.
  public var animatedPNG: [UInt8] {
    guard !pieces.isEmpty else { return [] }
    let palette = Palette(of: pieces.map(\.picture))
    var file = PNGFile.signature + PNGFile.header(width: width, height: height, palette)
    file += PNGFile.chunk("acTL", PNGFile.bigEndian(pieces.count) + PNGFile.bigEndian(0))
    var sequence = 0
    func next() -> [UInt8] {
      defer { sequence += 1 }
      return PNGFile.bigEndian(sequence)
    }
    for (index, piece) in pieces.enumerated() {
      let sides = [piece.area.width, piece.area.height, piece.area.x, piece.area.y].flatMap(PNGFile.bigEndian)
      let timing = [piece.milliseconds >> 8, piece.milliseconds & 255, 1000 >> 8, 1000 & 255]
      // What is outside of the area stays as it is, and the area is replaced.
      file += PNGFile.chunk("fcTL", next() + sides + timing.map { UInt8(truncatingIfNeeded: $0) } + [0, 0])
      let pixels = PNGFile.pixels(of: piece.picture, palette)
      file += index == 0 ? PNGFile.chunk("IDAT", pixels) : PNGFile.chunk("fdAT", next() + pixels)
    }
    return file + PNGFile.chunk("IEND", [])
  }
}

/// A rectangle of a picture.
private struct Area {
  var x: Int
  var y: Int
  var width: Int
  var height: Int
}

extension Picture {
  /// The smallest area that holds every pixel which differs; one pixel if none does.
  fileprivate func change(from other: Picture) -> Area {
    var (left, right, top, bottom) = (width, -1, height, -1)
    for y in 0..<height {
      let row = 3 * y * width..<3 * (y + 1) * width
      guard bytes[row] != other.bytes[row] else { continue }
      (top, bottom) = (min(top, y), y)
      for x in 0..<width where self[x, y] != other[x, y] { (left, right) = (min(left, x), max(right, x)) }
    }
    guard right >= 0 else { return Area(x: 0, y: 0, width: 1, height: 1) }
    return Area(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  fileprivate func cut(_ area: Area) -> Picture {
    var cut: [UInt8] = []
    for y in area.y..<area.y + area.height {
      cut += bytes[3 * (y * width + area.x)..<3 * (y * width + area.x + area.width)]
    }
    return Picture(width: area.width, height: area.height, bytes: cut) ?? self
  }
}
