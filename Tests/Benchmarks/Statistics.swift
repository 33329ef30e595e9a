/// The middle and the spread of some measurements.
struct Spread {
  let median: Double
  /// The lower and upper quartile.
  let quartiles: ClosedRange<Double>

  init(_ samples: [Double]) {
    let sorted = samples.sorted()
    func quantile(_ fraction: Double) -> Double {
      guard let last = sorted.indices.last else { return .nan }
      let place = fraction * Double(last)
      let below = Int(place)
      let above = min(below + 1, last)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    median = quantile(0.5)
    quartiles = quantile(0.25)...max(quantile(0.25), quantile(0.75))
  }

  /// The spread of the quotients of measurements that were made one right after the other.
  static func ratios(_ samples: [Double], to reference: [Double]) -> Spread {
    Spread(zip(samples, reference).map { $0 / $1 })
  }
}
