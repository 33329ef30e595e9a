/// A curve in one line of text: a block for each value, as high as the value is among all of them.
struct Sparkline {
  /// How many values are kept; beyond that, neighbours become their mean.
  private static let most = 4096
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  private var values: [Double] = []
  /// How many values each of those is the mean of, and the one that is not complete.
  private var share = 1
  private var pending: (sum: Double, count: Int) = (0, 0)

  /// Adds a value at the right.
  mutating func append(_ value: Double) {
    guard value.isFinite else { return }
    pending = (pending.sum + value, pending.count + 1)
    guard pending.count == share else { return }
    values.append(pending.sum / Double(share))
    pending = (0, 0)
    guard values.count == Self.most else { return }
    values = stride(from: 0, to: Self.most, by: 2).map { (values[$0] + values[$0 + 1]) / 2 }
    share *= 2
  }

  /// The whole curve in at most `width` characters.
  func text(width: Int) -> String {
    guard width > 0, !values.isEmpty else { return "" }
    let count = min(width, values.count)
    let means = (0..<count).map { index -> Double in
      let piece = values[index * values.count / count..<(index + 1) * values.count / count]
      return piece.reduce(0, +) / Double(piece.count)
    }
    let (low, high) = (means.min() ?? 0, means.max() ?? 0)
    let scale = high > low ? Double(Self.blocks.count) / (high - low) : 0
    return String(means.map { Self.blocks[min(Self.blocks.count - 1, Int(($0 - low) * scale))] })
  }
}
