/// Curves of one figure, as SVG that needs no script; the script adds a line that follows the pointer.
struct Chart {
  let title: String
  let note: String
  let curves: [(group: Int, curve: Curve)]

  private static let (width, height) = (640.0, 260.0)
  private static let (left, right, top, bottom) = (56.0, 12.0, 10.0, 28.0)

  /// Nil where no group has the figure, or where it is 0 all the time: such a figure is not the algorithm's.
  init?(
    _ title: String, note: String = "", _ groups: [RunGroup], x: (RunData) -> [Double]? = { $0.metrics["steps"] },
    y: (RunData) -> [Double]?
  ) {
    self.title = title
    self.note = note
    curves = groups.enumerated().compactMap { index, group in Curve(group, x: x, y: y).map { (index, $0) } }
    guard curves.contains(where: { $0.curve.points.contains { $0.low != 0 || $0.high != 0 } }) else { return nil }
  }

  var html: String {
    let points = curves.flatMap(\.curve.points)
    let horizontal = Axis(exactly: points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    let vertical = Axis(covering: Self.visible(points))
    func x(_ number: Double) -> Double { Self.left + horizontal.place(number) * (Self.width - Self.left - Self.right) }
    func y(_ number: Double) -> Double {
      let place = min(max(vertical.place(number), -0.02), 1.02)
      return Self.height - Self.bottom - place * (Self.height - Self.top - Self.bottom)
    }
    var svg = ""
    for tick in vertical.ticks {
      svg += SVG.element(
        "line", class: "grid", ["x1": Self.left, "x2": Self.width - Self.right, "y1": y(tick), "y2": y(tick)])
      svg += SVG.tick(HTML.number(tick), x: Self.left - 6, y: y(tick) + 4, anchor: "end")
    }
    for tick in horizontal.ticks {
      let anchor = x(tick) > Self.width - Self.right - 14 ? "end" : "middle"
      svg += SVG.tick(HTML.count(tick), x: x(tick), y: Self.height - 10, anchor: anchor)
    }
    for (group, curve) in curves {
      let color = "g\(group % 8)"
      guard curve.points.count > 1 else {
        let point = curve.points[0]
        svg += SVG.element("circle", class: "dot \(color)", ["cx": x(point.x), "cy": y(point.mean), "r": 4])
        continue
      }
      let upper = curve.points.map { (x($0.x), y($0.high)) }
      let lower = curve.points.reversed().map { (x($0.x), y($0.low)) }
      let mean = curve.points.map { (x($0.x), y($0.mean)) }
      svg += SVG.element("path", class: "band \(color)", [:], ["d": SVG.path(upper + lower) + "Z"])
      svg += SVG.element(
        "path", class: "mean \(color) d\(group / 8 % 3)", [:], ["d": SVG.path(mean), "data-g": "\(group)"])
    }
    // What the script needs to turn places into numbers again.
    let scale = [
      horizontal.low, horizontal.high, Self.left, Self.width - Self.right, vertical.low, vertical.high,
      Self.height - Self.bottom, Self.top,
    ].map { "\($0)" }.joined(separator: " ")
    let caption = HTML.text(title) + (note.isEmpty ? "" : "<small> \(HTML.text(note))</small>")
    return """
      <figure class="chart"><figcaption>\(caption)</figcaption>
      <svg viewBox="0 0 640 260" role="img" aria-label="\(HTML.text(label))" data-scale="\(scale)">\(svg)</svg>
      <output></output></figure>

      """
  }

  /// What somebody hears who does not see the chart.
  private var label: String {
    let ends = curves.map { _, curve in
      "\(HTML.number(curve.points[0].mean)) to \(HTML.number(curve.points[curve.points.count - 1].mean))"
    }
    return "\(title) over steps: from \(ends.joined(separator: "; from "))"
  }

  /// The numbers that the axis covers: a few runaways are cut off rather than hiding all the rest.
  private static func visible(_ points: [Curve.Point]) -> [Double] {
    let all = points.flatMap { [$0.low, $0.high] }.sorted()
    let means = points.map(\.mean).sorted()
    let (low, high) = (Statistics.quantile(sorted: all, 0.01), Statistics.quantile(sorted: all, 0.99))
    let (least, most) = (Statistics.quantile(sorted: means, 0.005), Statistics.quantile(sorted: means, 0.995))
    guard let first = all.first, let last = all.last else { return [0, 1] }
    let span = max(high, most) - min(low, least)
    let (bottom, top) = (min(low, least), max(high, most))
    return [first < bottom - 2 * span ? bottom : first, last > top + 2 * span ? top : last]
  }
}
