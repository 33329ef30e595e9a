/// A figure of a group of runs over their steps, in as few points as a chart can show.
struct Curve {
  /// One place along the steps.
  struct Point {
    var x: Double
    var mean: Double
    var low: Double
    var high: Double
  }

  let points: [Point]
  /// Whether the band is the spread over several runs, and not that of one run's neighbouring epochs.
  let isSpread: Bool

  /// The most points of a curve: two pixels for each in a wide chart.
  static let resolution = 320

  /// Nil where no run has the figure.
  ///
  /// Each run is averaged over pieces of equal length along the steps; where a run has nothing in a piece, the line
  /// between its neighbours stands in. The band is from the least to the greatest run, or of one run the least and the
  /// greatest epoch in the piece.
  init?(_ group: RunGroup, x: (RunData) -> [Double]?, y: (RunData) -> [Double]?) {
    let series = group.runs.compactMap { run -> (x: [Double], y: [Double])? in
      guard let x = x(run), let y = y(run), x.count == y.count else { return nil }
      let kept = x.indices.filter { x[$0].isFinite && y[$0].isFinite }
      return kept.isEmpty ? nil : (kept.map { x[$0] }, kept.map { y[$0] })
    }
    let ends = series.flatMap { [$0.x[0], $0.x[$0.x.count - 1]] }
    guard let first = ends.min(), let last = ends.max() else { return nil }
    let most = series.map(\.x.count).max() ?? 1
    let count = last > first ? min(Self.resolution, max(2, most)) : 1
    let pieces = series.map { Self.pieces($0.x, $0.y, from: first, to: last, count: count) }
    isSpread = pieces.count > 1
    points = (0..<count).compactMap { index in
      let here = pieces.compactMap { $0[index] }
      guard !here.isEmpty else { return nil }
      let x = count == 1 ? first : first + (last - first) * Double(index) / Double(count - 1)
      let means = here.map(\.mean)
      return Point(
        x: x, mean: Statistics.mean(means),
        low: (pieces.count > 1 ? means : here.map(\.low)).min() ?? 0,
        high: (pieces.count > 1 ? means : here.map(\.high)).max() ?? 0)
    }
  }

  private static func pieces(
    _ x: [Double], _ y: [Double], from first: Double, to last: Double, count: Int
  ) -> [(mean: Double, low: Double, high: Double)?] {
    var sums = [(sum: Double, count: Int, low: Double, high: Double)](
      repeating: (0, 0, .infinity, -.infinity), count: count)
    for (x, y) in zip(x, y) {
      let place = count == 1 ? 0 : (x - first) / (last - first) * Double(count - 1)
      let index = min(count - 1, max(0, Int(place.rounded())))
      sums[index] = (
        sums[index].sum + y, sums[index].count + 1, min(sums[index].low, y), max(sums[index].high, y)
      )
    }
    var result = sums.map { sum -> (Double, Double, Double)? in
      sum.count == 0 ? nil : (sum.sum / Double(sum.count), sum.low, sum.high)
    }
    var before: Int?
    for index in 0..<count where result[index] != nil {
      if let start = before, index - start > 1, let left = result[start], let right = result[index] {
        for gap in start + 1..<index {
          let part = Double(gap - start) / Double(index - start)
          let value = left.0 + part * (right.0 - left.0)
          result[gap] = (value, value, value)
        }
      }
      before = index
    }
    return result.map { $0.map { (mean: $0.0, low: $0.1, high: $0.2) } }
  }
}
