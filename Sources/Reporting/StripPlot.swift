/// The returns of single episodes as dots, with quartiles and the mean, one row for each group.
struct StripPlot {
  let rows: [(group: Int, label: String, numbers: [Double])]

  /// The most dots of a row; beyond that every second, third and so on is left out.
  private static let most = 400

  var html: String {
    let axis = Axis(covering: rows.flatMap(\.numbers))
    let (left, right, rowHeight) = (16.0, 624.0, 54.0)
    let height = rowHeight * Double(rows.count) + 26
    func x(_ number: Double) -> Double { left + axis.place(number) * (right - left) }
    var svg = ""
    for tick in axis.ticks {
      svg += SVG.element("line", class: "grid", ["x1": x(tick), "x2": x(tick), "y1": 0, "y2": height - 24])
      svg += SVG.tick(HTML.number(tick), x: x(tick), y: height - 8, anchor: "middle")
    }
    for (row, entry) in rows.enumerated() {
      let middle = rowHeight * (Double(row) + 0.5) + 4
      let sorted = entry.numbers.sorted()
      let stride = max(1, sorted.count / Self.most)
      for (index, number) in sorted.enumerated() where index % stride == 0 {
        // Equal returns lie over one another unless they are moved apart, by the same way each time.
        let shift = Double((index * 37) % 19) - 9
        svg += SVG.element(
          "circle", class: "dot g\(entry.group % 8)", ["cx": x(number), "cy": middle + shift, "r": 2.6])
      }
      let (low, high) = (x(Statistics.quantile(sorted: sorted, 0.25)), x(Statistics.quantile(sorted: sorted, 0.75)))
      svg += SVG.element("rect", class: "box", ["x": low, "y": middle - 15, "width": high - low, "height": 30])
      let mean = x(Statistics.mean(sorted))
      svg += SVG.element("line", class: "mark", ["x1": mean, "x2": mean, "y1": middle - 19, "y2": middle + 19])
      let label = String(entry.label.prefix(90))
      svg += SVG.element("text", class: "row", ["x": left, "y": middle - 21], text: label)
    }
    let size = HTML.coordinate(height)
    return """
      <figure class="strip">
      <svg viewBox="0 0 640 \(size)" role="img" aria-label="returns of single episodes">\(svg)</svg></figure>

      """
  }
}
