#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Whether frequencies fit probabilities that were told, with a bound on how often a right program is accused.
enum Likelihood {
  /// The chance that one run of the kit accuses a right program because of chance alone is below this.
  static let errorRate = 1e-6

  /// The probability, or density, of which this is the natural logarithm.
  static func probability(_ logarithm: Double) -> Double { exp(logarithm) }

  /// The natural logarithm.
  static func logarithm(_ number: Double) -> Double { log(number) }

  /// Whether something of which the probability is between two bounds may have come so often.
  ///
  /// - Parameters:
  ///   - trials: how often it could have come, independently.
  ///   - comparisons: how many such verdicts share the error rate.
  ///
  /// Chernoff's bound: of `trials` the part q differs so far from p with a probability of at most exp(−trials · KL(q‖p)).
  static func allows(
    _ count: Int, of trials: Int, probability: ClosedRange<Double>, comparisons: Int = 1
  ) -> Bool {
    let part = Double(count) / Double(trials)
    if probability.contains(part) { return true }
    let nearest = part < probability.lowerBound ? probability.lowerBound : probability.upperBound
    let surprise = Double(trials) * divergence(part, from: nearest)
    return surprise <= log(2 * Double(comparisons) / errorRate)
  }

  /// The Kullback-Leibler divergence of one coin from another.
  private static func divergence(_ part: Double, from probability: Double) -> Double {
    func term(_ x: Double, _ y: Double) -> Double { x == 0 ? 0 : y <= 0 ? .infinity : x * log(x / y) }
    return term(part, probability) + term(1 - part, 1 - probability)
  }

  /// The probability of an interval by the densities that were told at points within it, as lower and upper sums.
  ///
  /// - Parameter points: sorted by place.
  static func mass(of points: [(place: Double, density: Double)]) -> ClosedRange<Double> {
    var (low, high) = (0.0, 0.0)
    for (left, right) in zip(points, points.dropFirst()) {
      low += (right.place - left.place) * min(left.density, right.density)
      high += (right.place - left.place) * max(left.density, right.density)
    }
    return low...max(low, high)
  }
}
