import Environments

/// Pictures as text: each character of Unicode's braille patterns is two dots wide and four high.
///
/// A dot stands where the picture differs enough from its background; texts have no colours.
public enum BrailleText {
  /// Draws a scene into so many columns and rows of characters; lines end with `\n`, but for the last.
  public static func draw(_ scene: Scene, columns: Int, rows: Int) -> String {
    // A character is about twice as high as wide, and its dots then have equal distances in both directions.
    let picture = Rasterizer.draw(scene, width: 2 * max(1, columns), height: 4 * max(1, rows))
    return text(of: picture, background: scene.background)
  }

  /// The dots of a picture, which is cut off at the right and below where its sides are no multiples of 2 and 4.
  public static func text(of picture: Picture, background: Scene.Color) -> String {
    var text = ""
    for row in 0..<max(1, picture.height / 4) {
      if row > 0 { text += "\n" }
      for column in 0..<max(1, picture.width / 2) {
        var dots: UInt32 = 0
        for (index, place) in places.enumerated() {
          let (x, y) = (2 * column + place.0, 4 * row + place.1)
          guard x < picture.width, y < picture.height else { continue }
          let color = picture[x, y]
          if distance(color, background) >= threshold { dots |= 1 << UInt32(index) }
        }
        if let scalar = Unicode.Scalar(0x2800 + dots) { text.unicodeScalars.append(scalar) }
      }
    }
    return text
  }

  /// The dots of a pattern in the order of their bits (Unicode, Braille Patterns).
  private static let places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]

  /// The sum of the differences of the three parts from which on a dot is set.
  private static let threshold = 96

  private static func distance(_ left: Scene.Color, _ right: Scene.Color) -> Int {
    abs(Int(left.red) - Int(right.red)) + abs(Int(left.green) - Int(right.green))
      + abs(Int(left.blue) - Int(right.blue))
  }
}
