import Drawing

/// What a report needs to know of one run; every text in it may come from a stranger.
public struct RunData: Sendable {
  /// What the run is called, such as the path of its directory.
  public var name: String
  /// Every setting, the seed included, in the order in which it is shown.
  public var settings: [(name: String, value: String)]
  /// The metrics of its epochs.
  public var metrics: MetricsTable
  /// The evaluations during the run.
  public var evaluations: [Evaluated]

  /// Creates the data of a run.
  public init(
    name: String, settings: [(name: String, value: String)], metrics: MetricsTable, evaluations: [Evaluated] = []
  ) {
    self.name = name
    self.settings = settings
    self.metrics = metrics
    self.evaluations = evaluations
  }

  /// One evaluation of a policy.
  public struct Evaluated: Sendable {
    /// The environment steps before it.
    public var steps: Double
    /// The mean return.
    public var mean: Double
    /// The returns of its episodes; empty where they were not kept.
    public var returns: [Double]

    /// Creates an evaluation.
    public init(steps: Double, mean: Double, returns: [Double]) {
      self.steps = steps
      self.mean = mean
      self.returns = returns
    }
  }

  /// The seed, as it is written.
  var seed: String { settings.first { $0.name == RunGroup.seedName }?.value ?? "?" }

  /// The registered name of its environment, or the server's command where the server tells none.
  var environment: String {
    let values = ["environmentID", "environmentCommand"].lazy.compactMap { name in
      settings.first { $0.name == name && !$0.value.isEmpty }?.value
    }
    return values.first ?? "an environment without a name"
  }

  /// The mean return at the end: over the episodes of the last tenth of the epochs; nil where none ended.
  public var finalReturn: Double? {
    guard let means = metrics["mean_return"], let counts = metrics["episodes"] else { return nil }
    let first = means.count - max(1, means.count / 10)
    var (sum, count) = (0.0, 0.0)
    for index in max(0, first)..<means.count where means[index].isFinite {
      sum += means[index] * counts[index]
      count += counts[index]
    }
    if count > 0 { return sum / count }
    return means.last { $0.isFinite }
  }

  /// The best mean return of its evaluations; nil without any.
  public var bestEvaluation: Double? { evaluations.map(\.mean).filter(\.isFinite).max() }
}
