import Environments
import Testing

@testable import Drawing

@Suite("PNG files")
struct PNGTests {
  private static func noise(width: Int, height: Int, colors: UInt64, seed: UInt64) -> Picture {
    var generator = PCG64(seed: seed)
    let bytes = (0..<width * height).flatMap { _ -> [UInt8] in
      let color = generator.next() % colors
      return [UInt8(color % 251), UInt8(color / 251 % 251), UInt8(color * 7 % 251)]
    }
    return Picture(width: width, height: height, bytes: bytes) ?? Picture(width: 1, height: 1)
  }

  @Test("what is compressed comes back, whatever it is", arguments: 0..<40)
  func roundTrip(seed: UInt64) {
    var generator = PCG64(seed: seed)
    var bytes: [UInt8] = []
    let length = [0, 1, 2, 3, 4, 257, 258, 259, 1000, 40_000][Int(seed) % 10]
    while bytes.count < length {
      switch generator.next() % 3 {
      case 0: bytes.append(UInt8(truncatingIfNeeded: generator.next()))
      case 1:
        let byte = UInt8(truncatingIfNeeded: generator.next())
        bytes += Array(repeating: byte, count: 1 + Int(generator.next() % 600))
      default:
        let back = 1 + Int(generator.next() % UInt64(max(1, bytes.count)))
        bytes += bytes.suffix(back).prefix(500)
      }
    }
    #expect(Inflate.zlib(Deflate.zlib(bytes)) == bytes)
  }

  @Test("a drawing takes little room")
  func small() {
    let scene = Scene(horizontal: 0...3, vertical: 0...2, [.disc(center: .init(1, 1), radius: 0.5, .init(200, 30, 30))])
    #expect(PNGFile.encode(Rasterizer.draw(scene, width: 600, height: 400)).count < 6000)
  }

  @Test("pictures of few and of many colours come back", arguments: [1, 2, 256, 257, 60_000])
  func picture(colors: UInt64) throws {
    for (width, height) in [(1, 1), (1, 9), (31, 17)] {
      let picture = Self.noise(width: width, height: height, colors: colors, seed: colors)
      let reader = try #require(PNGReader(PNGFile.encode(picture)))
      #expect(reader.pictures() == [picture])
    }
  }

  @Test("every picture of a film comes back, those too that differ in one pixel or in none", arguments: [3, 60_000])
  func film(colors: UInt64) throws {
    let first = Self.noise(width: 20, height: 13, colors: colors, seed: 1)
    var touched = first.bytes
    touched[3 * (20 * 5 + 7)] ^= 1
    let second = try #require(Picture(width: 20, height: 13, bytes: touched))
    let pictures = [first, second, second, Self.noise(width: 20, height: 13, colors: colors, seed: 2), first]
    var film = Film(width: 20, height: 13)
    for picture in pictures { film.append(picture, milliseconds: 20) }
    let reader = try #require(PNGReader(film.animatedPNG))
    #expect(reader.pictures() == pictures)
    #expect(reader.chunks.first { $0.name == "acTL" }?.content.prefix(4) == [0, 0, 0, 5])
    // The pieces of a film are counted from 0 on, without a gap.
    let numbers = reader.chunks.filter { ["fcTL", "fdAT"].contains($0.name) }.map { $0.content[3] }
    #expect(numbers == (0..<9).map { UInt8($0) })
  }
}
