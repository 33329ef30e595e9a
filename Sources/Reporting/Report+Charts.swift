extension Report {
  /// The curves of all figures.
  var charts: String { eachEnvironment(charts) }

  private func charts(of environment: String) -> String {
    func chart(
      _ title: String, x: (RunData) -> [Double]? = { $0.metrics["steps"] }, y: (RunData) -> [Double]?
    ) -> String {
      Chart(title, groups, x: x, y: { $0.environment == environment ? y($0) : nil })?.html ?? ""
    }
    // Every other figure that an algorithm reports, in its own order.
    let known: Set = [
      "epoch", "steps", "episodes", "mean_return", "std_return", "min_return", "max_return", "mean_length",
      "reward_sum",
      "cut_episodes", "seconds",
    ]
    var names: [String] = []
    for run in groups.flatMap(\.runs) where run.environment == environment {
      names += run.metrics.names.filter { !known.contains($0) && !names.contains($0) }
    }
    var shown = chart("Mean return") { $0.metrics["mean_return"] }
    shown += chart("Episode length") { $0.metrics["mean_length"] }
    shown += chart("Return in evaluations", x: { $0.evaluations.map(\.steps) }, y: { $0.evaluations.map(\.mean) })
    for name in names { shown += chart(Self.title(of: name)) { $0.metrics[name] } }
    shown += chart("Steps per second") { $0.stepsPerSecond }
    return shown.isEmpty ? "" : "<div class=\"charts\">\(shown)</div>"
  }

  private static func title(of name: String) -> String {
    if name == "kl" { return "KL divergence" }
    let words = name.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
