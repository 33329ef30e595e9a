import PolicyGradients

/// What `config.json` of any run holds.
protocol RecordOfRun: Codable {
  /// The algorithm and its settings.
  var configuration: SettingValues { get }
  /// The columns of the metrics that not every run has.
  var furtherColumns: [String] { get }
  /// The number of the environment's own that the best policy is chosen by; nil for the mean return.
  var criterion: String? { get }
  /// Throws a sentence about what is outside the range that the command line has for it.
  func requireRanges() throws(TrainingError)
}

extension RecordOfRun {
  /// None.
  var furtherColumns: [String] { [] }
  /// The mean return.
  var criterion: String? { nil }
}
