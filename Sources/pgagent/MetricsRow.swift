import JSONLines
import PolicyGradients

/// The metrics of one epoch under the names that both files use; what does not exist is null, or an empty cell.
///
/// First comes what every run has, then what its algorithm has; the only field that depends on the clock comes last, so
/// that it is easily cut off.
struct MetricsRow {
  private let names: [String]
  private let values: [Double?]

  private static let columns: [(name: String, value: @Sendable (EpochMetrics) -> Double?)] = [
    // From 1, as on the screen.
    ("epoch", { Double($0.epoch + 1) }),
    ("steps", { Double($0.environmentSteps) }),
    ("episodes", { Double($0.episodes) }),
    ("mean_return", { $0.meanReturn }),
    ("std_return", { $0.returnDeviation }),
    ("min_return", { $0.minimumReturn }),
    ("max_return", { $0.maximumReturn }),
    ("mean_length", { $0.meanLength }),
    ("reward_sum", { $0.rewardSum }),
    ("cut_episodes", { Double($0.cutEpisodes) }),
    ("restarts", { Double($0.restarts) }),
    ("clip_fraction", { $0.clipFraction }),
  ]

  /// What comes before the name of a number of the environment's own.
  static let infoPrefix = "info_"

  private static func names(_ algorithm: Algorithm, _ further: [String]) -> [String] {
    columns.map(\.name) + further + algorithm.metrics + ["seconds"]
  }

  /// The first line of the CSV file.
  static func header(_ record: some RecordOfRun) -> String {
    names(record.configuration.algorithm, record.furtherColumns).joined(separator: ",") + "\n"
  }

  /// - Parameter further: the names of the columns that not every run has.
  init(_ metrics: EpochMetrics, _ algorithm: Algorithm, further: [String] = [], seconds: Double) {
    names = Self.names(algorithm, further)
    values =
      Self.columns.map { $0.value(metrics) } + further.map { Self.value($0, metrics) }
      + algorithm.metrics.map { metrics.update[$0] } + [(seconds * 1000).rounded() / 1000]
  }

  private static func value(_ column: String, _ metrics: EpochMetrics) -> Double? {
    if column.hasPrefix(infoPrefix) { return metrics.info[String(column.dropFirst(infoPrefix.count))] }
    return column == "lesson" ? metrics.lesson.map(Double.init) : metrics.update[column]
  }

  /// What a TensorBoard shows of those that exist: how the episodes went, what the updates did, and the clock.
  var scalars: [(tag: String, value: Double)] {
    names.indices.compactMap { index in
      guard let value = values[index], value.isFinite else { return nil }
      let group = index < Self.columns.count ? "rollout" : index < names.count - 1 ? "train" : "time"
      return ("\(group)/\(names[index])", value)
    }
  }

  /// The line of the JSON Lines file.
  var line: String {
    var writer = JSONWriter(capacity: 512)
    writer.beginObject()
    for (name, value) in zip(names, values) {
      writer.name(name)
      if let value, value.isFinite { writer.write(value) } else { writer.writeNull() }
    }
    writer.endObject()
    writer.newline()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The line of the CSV file.
  var record: String {
    let cells = values.map { value -> String in
      guard let value, value.isFinite else { return "" }
      var writer = JSONWriter(capacity: 32)
      writer.write(value)
      return String(decoding: writer.bytes, as: UTF8.self)
    }
    return cells.joined(separator: ",") + "\n"
  }
}
