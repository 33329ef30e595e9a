import Environments

/// Figures about a few numbers, such as the scores of runs.
///
/// Source: R. Agarwal, M. Schwarzer, P. S. Castro, A. Courville, M. G. Bellemare, "Deep Reinforcement Learning at the
/// Edge of the Statistical Precipice" (2021).
public enum Statistics {
  /// The arithmetic mean; NaN of nothing.
  public static func mean(_ numbers: [Double]) -> Double {
    numbers.isEmpty ? .nan : numbers.reduce(0, +) / Double(numbers.count)
  }

  /// The quantile q in [0, 1], linear between neighbours; NaN of nothing.
  public static func quantile(_ numbers: [Double], _ q: Double) -> Double {
    quantile(sorted: numbers.sorted(), q)
  }

  static func quantile(sorted: [Double], _ q: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let place = q * Double(sorted.count - 1)
    let index = Int(place)
    guard index + 1 < sorted.count else { return last }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
  }

  /// The mean without the lowest and the highest quarter, each rounded down to whole numbers.
  public static func interquartileMean(_ numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    let cut = sorted.count / 4
    return mean(Array(sorted[cut..<sorted.count - cut]))
  }

  /// The interval that holds a figure with 95 % confidence, by the percentile bootstrap; nil of fewer than two numbers.
  ///
  /// - Parameter resamples: how often as many numbers are drawn with replacement; the draws are the same every time.
  public static func confidenceInterval(
    _ numbers: [Double], resamples: Int = 2000, of figure: ([Double]) -> Double
  ) -> ClosedRange<Double>? {
    guard numbers.count > 1 else { return nil }
    var generator = PCG64(seed: 0)
    var figures = (0..<resamples).map { _ in
      figure(numbers.indices.map { _ in numbers[Int(generator.uniform() * Double(numbers.count))] })
    }
    figures.sort()
    let (low, high) = (quantile(sorted: figures, 0.025), quantile(sorted: figures, 0.975))
    return low <= high ? low...high : nil
  }

  /// The probability that a run of the first kind scores higher than one of the second; a tie counts as half.
  public static func probabilityOfImprovement(_ first: [Double], over second: [Double]) -> Double {
    var sum = 0.0
    for one in first { for other in second { sum += one > other ? 1 : one == other ? 0.5 : 0 } }
    return sum / Double(first.count * second.count)
  }
}
