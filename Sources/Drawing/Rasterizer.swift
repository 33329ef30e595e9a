import Environments

/// Turns scenes into pixels, with soft edges: a pixel takes as much of a colour as the shape covers of it.
///
/// Each row is cut into four lines; along each of them the covered part of every pixel is exact. Nothing but sums,
/// products and square roots is used, so that a scene gives the same bytes everywhere.
public enum Rasterizer {
  private static let linesPerRow = 4

  /// Draws a scene into a picture of so many pixels, as large as it fits, in the middle.
  public static func draw(_ scene: Scene, width: Int, height: Int) -> Picture {
    var canvas = Canvas(Picture(width: width, height: height, scene.background))
    let view = View(scene, width: canvas.picture.width, height: canvas.picture.height)
    for shape in scene.shapes { draw(shape, view, &canvas) }
    return canvas.picture
  }

  private static func draw(_ shape: Scene.Shape, _ view: View, _ canvas: inout Canvas) {
    switch shape {
    case .polygon(let points, let color):
      let corners = points.map(view.pixel)
      canvas.fill(rows: corners.map(\.y), color) { y in crossings(of: corners, at: y) }
    case .disc(let center, let radius, let color):
      fillDisc(view.pixel(center), max(0.5, radius * view.scale), color, &canvas)
    case .line(let from, let to, let width, let color):
      let (start, end) = (view.pixel(from), view.pixel(to))
      let half = max(0.5, width * view.scale / 2)
      let (dx, dy) = (end.x - start.x, end.y - start.y)
      let length = (dx * dx + dy * dy).squareRoot()
      guard length > 0 else { return fillDisc(start, half, color, &canvas) }
      let (nx, ny) = (-dy / length * half, dx / length * half)
      let corners = [
        Scene.Point(start.x + nx, start.y + ny), Scene.Point(end.x + nx, end.y + ny),
        Scene.Point(end.x - nx, end.y - ny), Scene.Point(start.x - nx, start.y - ny),
      ]
      // The ends and the middle are one shape: an edge between them must not shine through.
      canvas.fill(rows: [start.y - half, start.y + half, end.y - half, end.y + half], color) { y in
        union(
          crossings(of: corners, at: y), chord(start, half, y), chord(end, half, y))
      }
    }
  }

  private static func fillDisc(
    _ center: Scene.Point, _ radius: Double, _ color: Scene.Color, _ canvas: inout Canvas
  ) {
    canvas.fill(rows: [center.y - radius, center.y + radius], color) { y in chord(center, radius, y) }
  }

  /// Where a horizontal line runs within a circle.
  private static func chord(_ center: Scene.Point, _ radius: Double, _ y: Double) -> [Double] {
    let square = radius * radius - (y - center.y) * (y - center.y)
    guard square > 0 else { return [] }
    let half = square.squareRoot()
    return [center.x - half, center.x + half]
  }

  /// Where a horizontal line enters and leaves a polygon, in turns and from the left.
  private static func crossings(of corners: [Scene.Point], at y: Double) -> [Double] {
    var found: [Double] = []
    guard var previous = corners.last else { return found }
    for corner in corners {
      if (previous.y <= y) != (corner.y <= y) {
        found.append(previous.x + (y - previous.y) / (corner.y - previous.y) * (corner.x - previous.x))
      }
      previous = corner
    }
    return found.sorted()
  }

  /// The union of pieces of a line, each list with beginnings and ends in turns.
  private static func union(_ lists: [Double]...) -> [Double] {
    var pieces: [(start: Double, end: Double)] = []
    for list in lists {
      for index in stride(from: 0, to: list.count - 1, by: 2) { pieces.append((list[index], list[index + 1])) }
    }
    pieces.sort { $0.start < $1.start }
    var result: [Double] = []
    for piece in pieces {
      if let end = result.last, piece.start <= end {
        result[result.count - 1] = max(end, piece.end)
      } else {
        result += [piece.start, piece.end]
      }
    }
    return result
  }

  /// A picture while shapes are laid over it.
  private struct Canvas {
    var picture: Picture
    /// How much of each pixel of one row is covered, in lines.
    private var coverage: [Double]

    init(_ picture: Picture) {
      self.picture = picture
      coverage = Array(repeating: 0, count: picture.width)
    }

    /// Fills what lies between the pairs of places that `spans` has for a height, between the least and greatest `rows`.
    mutating func fill(rows: [Double], _ color: Scene.Color, spans: (Double) -> [Double]) {
      guard let top = rows.min(), let bottom = rows.max(), top.isFinite, bottom.isFinite else { return }
      let first = Int(max(0, min(top, Double(picture.height))))
      let last = Int(max(-1, min(bottom, Double(picture.height - 1))))
      guard first <= last else { return }
      for row in first...last {
        var touched: Range<Int>?
        for line in 0..<linesPerRow {
          let ends = spans(Double(row) + (Double(line) + 0.5) / Double(linesPerRow))
          for index in stride(from: 0, to: ends.count - 1, by: 2) { cover(ends[index], ends[index + 1], &touched) }
        }
        guard let touched else { continue }
        for x in touched {
          let alpha = Int((coverage[x] * 255 / Double(linesPerRow)).rounded())
          if alpha > 0 { picture.blend(color, alpha: min(255, alpha), at: 3 * (row * picture.width + x)) }
          coverage[x] = 0
        }
      }
    }

    private mutating func cover(_ start: Double, _ end: Double, _ touched: inout Range<Int>?) {
      let (start, end) = (max(0, start), min(Double(picture.width), end))
      guard start < end else { return }
      let (first, last) = (Int(start), min(picture.width - 1, Int(end)))
      for x in first...last { coverage[x] += max(0, min(end, Double(x + 1)) - max(start, Double(x))) }
      touched = min(touched?.lowerBound ?? first, first)..<max(touched?.upperBound ?? 0, last + 1)
    }
  }
}

/// Where the places of a scene are in a picture.
private struct View {
  /// Pixels for one unit of the scene.
  let scale: Double
  private let left: Double
  private let top: Double

  init(_ scene: Scene, width: Int, height: Int) {
    let wide = scene.horizontal.upperBound - scene.horizontal.lowerBound
    let high = scene.vertical.upperBound - scene.vertical.lowerBound
    let scale = min(Double(width) / max(wide, 1e-9), Double(height) / max(high, 1e-9))
    self.scale = scale
    left = (scene.horizontal.lowerBound + scene.horizontal.upperBound - Double(width) / scale) / 2
    top = (scene.vertical.lowerBound + scene.vertical.upperBound + Double(height) / scale) / 2
  }

  func pixel(_ point: Scene.Point) -> Scene.Point {
    // What is far outside is as invisible a million pixels away, and arithmetic stays finite.
    func bounded(_ number: Double) -> Double { min(max(number, -1e6), 1e6) }
    return Scene.Point(bounded((point.x - left) * scale), bounded((top - point.y) * scale))
  }
}
