import Gymwire
import PolicyGradients

/// What `config.json` of a learner holds: everything that determines the run, together with what the driver asks.
struct LearningRecord: RecordOfRun {
  /// The version of this program.
  var programVersion = ProtocolConstants.softwareVersion
  /// The algorithm and its settings.
  var configuration: SettingValues
  /// What is added to the rewards; nil where nothing is.
  var shaping: Shaping?
  /// What stands between the driver's numbers and what is learned; nil where nothing does.
  var wrappers: Wrappers?
  /// The files of recorded dialogues that the run began with; nil where there were none.
  var recordedDialogues: [String]?

  func requireRanges() throws(TrainingError) { try wrappers?.requireRanges() }
}
