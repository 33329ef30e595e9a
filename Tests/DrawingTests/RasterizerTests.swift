import Environments
import Testing

@testable import Drawing

@Suite("The rasteriser")
struct RasterizerTests {
  private static let black = Scene.Color(0, 0, 0)

  /// How many pixels' worth of black there is.
  private static func area(_ picture: Picture) -> Double {
    stride(from: 0, to: picture.bytes.count, by: 3).reduce(0) { $0 + Double(255 - Int(picture.bytes[$1])) / 255 }
  }

  private static func scene(_ shapes: Scene.Shape...) -> Scene {
    Scene(horizontal: 0...100, vertical: 0...100, shapes)
  }

  @Test("shapes have their area at every size, also where they lie between pixels", arguments: [3, 17, 64, 250])
  func areas(side: Int) {
    let scale = Double(side) / 100
    let triangle = Self.scene(.polygon([.init(10.3, 5.7), .init(90.1, 20.2), .init(40.4, 88.8)], Self.black))
    let doubled = abs((90.1 - 10.3) * (88.8 - 5.7) - (40.4 - 10.3) * (20.2 - 5.7))
    let tolerance = max(0.3, 0.02 * Double(side))
    let drawn = Self.area(Rasterizer.draw(triangle, width: side, height: side))
    #expect(abs(drawn - doubled / 2 * scale * scale) < tolerance)
    let disc = Self.scene(.disc(center: .init(50.2, 47.7), radius: 31.3, Self.black))
    let expected = Double.pi * 31.3 * 31.3 * scale * scale
    #expect(abs(Self.area(Rasterizer.draw(disc, width: side, height: side)) - expected) < tolerance)
  }

  @Test("a line is as wide in every direction, with round ends")
  func lines() {
    for (x, y) in [(30.0, 0.0), (0, 30), (21.2132, 21.2132), (-18, 24)] {
      let line = Self.scene(.line(from: .init(50, 50), to: .init(50 + x, 50 + y), width: 8, Self.black))
      let area = Self.area(Rasterizer.draw(line, width: 100, height: 100))
      #expect(abs(area - (30 * 8 + .pi * 16)) < 2)
    }
  }

  @Test("the picture keeps the ratio of the sides and stands in the middle")
  func ratio() {
    let square = Scene(horizontal: 0...1, vertical: 0...1, [.disc(center: .init(0.5, 0.5), radius: 0.5, Self.black)])
    let wide = Rasterizer.draw(square, width: 40, height: 10)
    #expect(wide[0, 5] == .white && wide[39, 5] == .white && wide[20, 5] == Self.black && wide[14, 5] == .white)
  }

  @Test("what is infinite, absent or far outside draws nothing, and ends nothing")
  func outside() {
    let far = Scene.Point(1e300, -1e300)
    let scene = Scene(
      horizontal: 0...1, vertical: 0...1,
      [
        .polygon([], Self.black), .polygon([far], Self.black), .disc(center: far, radius: 1, Self.black),
        .line(from: far, to: .init(-.infinity, 0), width: 1e-9, Self.black),
        .line(from: .init(.nan, 0), to: .init(0, .nan), width: 1, Self.black),
        .disc(center: .init(0.5, 0.5), radius: .nan, Self.black),
      ])
    #expect(Rasterizer.draw(scene, width: 7, height: 5).bytes.count == 105)
  }

  @Test("a text has a dot where a picture has a pixel that differs")
  func text() {
    let scene = Scene(
      horizontal: 0...4, vertical: 0...4,
      [.polygon([.init(0, 0), .init(2, 0), .init(2, 4), .init(0, 4)], Self.black)])
    #expect(BrailleText.draw(scene, columns: 2, rows: 1) == "⣿⠀")
    #expect(BrailleText.draw(scene, columns: 4, rows: 2) == "⣿⣿⠀⠀\n⣿⣿⠀⠀")
  }
}
