import PolicyGradients

/// What to try where a run has not learned, as far as its own metrics tell.
struct LearningHints {
  /// Fewer epochs say nothing.
  private static let leastEpochs = 10

  private var returns: [Double] = []
  private var extremes: (least: Double, greatest: Double) = (.infinity, -.infinity)
  private var explained: [Double] = []
  private var divergences: [Double] = []
  private var entropies: [Double] = []

  /// Takes in an epoch.
  mutating func note(_ metrics: EpochMetrics) {
    guard let mean = metrics.meanReturn else { return }
    returns.append(mean)
    extremes = (
      min(extremes.least, metrics.minimumReturn ?? mean), max(extremes.greatest, metrics.maximumReturn ?? mean)
    )
    if let value = metrics.update["explained_variance"] { explained.append(value) }
    if let value = metrics.update["kl"] { divergences.append(value) }
    if let value = metrics.update["entropy"] { entropies.append(value) }
  }

  /// Sentences for a run in which the mean return has not risen; none for every other.
  func sentences(_ settings: SettingValues) -> [String] {
    guard returns.count >= Self.leastEpochs else { return [] }
    let quarter = returns.count / 4
    let (first, last) = (Array(returns.prefix(quarter)), Array(returns.suffix(quarter)))
    let noise = ((Self.noise(first) + Self.noise(last)) / Double(quarter)).squareRoot()
    guard Self.mean(last) - Self.mean(first) <= 2 * noise else { return [] }
    let (before, after) = (Self.mean(first).shown, Self.mean(last).shown)
    let summary = "the mean return has not risen: \(before) in the first quarter of the run, \(after) in the last"
    return [summary] + reasons(settings, quarter).map { "hint: \($0)" }
  }

  private func reasons(_ settings: SettingValues, _ quarter: Int) -> [String] {
    func has(_ setting: some AnySetting) -> Bool { settings.declares(setting) }
    var reasons: [String] = []
    if extremes.least == extremes.greatest {
      reasons.append(
        "every episode returned \(extremes.least.shown), so no action looked better than another; if more is possible, "
          + "lead the way with --shaping, or give the run more steps with --epochs")
    }
    if let value = Self.last(explained, quarter), value < 0.2 {
      let remedies =
        (has(OnPolicySettings.normalizesObservations) && !settings[OnPolicySettings.normalizesObservations]
          ? ["--normalize-obs on"] : [])
        + ["a higher --vf-lr", "another --gamma"]
      reasons.append(
        "the value function explains \((100 * max(0, value)).fixed(0)) % of the returns; try "
          + remedies.joined(separator: ", or "))
    }
    if let value = Self.last(divergences, quarter), has(OptimizationSettings.policyLearningRate) {
      if value > 0.1 {
        reasons.append("updates change the policy much (KL \(value.shown)); try a lower --pi-lr")
      } else if value < 1e-5 {
        reasons.append("updates hardly change the policy (KL \(value.shown)); try a higher --pi-lr")
      }
    }
    if let start = entropies.first, let end = Self.last(entropies, quarter), start > 0, end < 0.1 * start,
      has(OptimizationSettings.entropyCoefficient)
    {
      reasons.append(
        "the policy hardly explores any more (entropy \(end.shown), at first \(start.shown)); "
          + "try --ent-coef 0.01 or a lower --pi-lr")
    }
    return reasons + ["pgagent algorithms says what each --algo is for; one seed says little, so try --seeds 5"]
  }

  private static func last(_ values: [Double], _ count: Int) -> Double? {
    values.isEmpty ? nil : mean(Array(values.suffix(count)))
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  /// The variance about whatever trend there is, by the differences of neighbours (von Neumann, 1941).
  ///
  /// Their median is taken, which a few steep steps of a run that learns at once do not raise. That of the square of a
  /// standard normal number is 0.455, and a difference has twice the variance.
  private static func noise(_ values: [Double]) -> Double {
    let squares = zip(values, values.dropFirst()).map { ($1 - $0) * ($1 - $0) }.sorted()
    return squares.isEmpty ? 0 : squares[squares.count / 2] / (2 * 0.455)
  }
}
