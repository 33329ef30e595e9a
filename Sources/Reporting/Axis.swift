/// The numbers along one side of a chart.
struct Axis {
  let low: Double
  let high: Double
  let ticks: [Double]

  /// An axis that shows all of some numbers, with about `count` ticks at 1, 2 or 5 times a power of ten.
  init(covering numbers: [Double], count: Int = 5) {
    var (low, high) = (numbers.min() ?? 0, numbers.max() ?? 1)
    if !(high > low) {
      let margin = max(abs(low) * 0.1, 1e-3)
      (low, high) = (low - margin, high + margin)
    }
    let raw = (high - low) / Double(max(1, count))
    var power = 1.0
    while power * 10 <= raw { power *= 10 }
    while power > raw { power /= 10 }
    let step = power * ([1.0, 2, 5, 10].first { $0 * power >= raw * 0.999 } ?? 10)
    let (first, last) = ((low / step).rounded(.down), (high / step).rounded(.up))
    let steps = Int(min(max(last - first, 1), 50))
    ticks = (0...steps).map { (first + Double($0)) * step }
    self.low = first * step
    self.high = (first + Double(steps)) * step
  }

  /// An axis that ends with its numbers, for the steps of a run.
  init(exactly low: Double, _ high: Double, count: Int = 6) {
    let nice = Axis(covering: [low, high], count: count)
    let end = high > low ? high : low + 1
    (self.low, self.high) = (low, end)
    ticks = nice.ticks.filter { $0 >= low && $0 <= end }
  }

  /// Where a number is, from 0 to 1 along the axis.
  func place(_ number: Double) -> Double { (number - low) / (high - low) }
}
