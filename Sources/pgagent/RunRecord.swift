import GymwireIO
import PolicyGradients

/// What `config.json` holds: everything that determines the run.
struct RunRecord: RecordOfRun {
  /// The command of the environment's server; empty where workers have their own.
  var environmentCommand: String
  /// The registered name of the environment, as the server tells it.
  var environmentID: String?
  /// The number of sub-environments.
  var environmentCount: Int
  /// The number of processes.
  var processCount: Int
  /// The number of epochs between evaluations; 0 for none.
  var evaluationInterval: Int
  /// The number of episodes of each evaluation.
  var evaluationEpisodes: Int
  /// The version of this program.
  var programVersion: String
  /// The algorithm and its settings.
  var configuration: SettingValues
  /// What is added to the rewards; nil where nothing is.
  var shaping: Shaping?
  /// Whether there is an event file for TensorBoard; nil where there is none.
  var tensorBoard: Bool?
  /// How many processes have to have answered before they are stepped; nil where all wait for each other.
  var wait: Int?
  /// What becomes of processes that fail.
  var restarts: RestartPolicy
  /// The files of recorded dialogues that the run began with; nil where there were none.
  var recordedDialogues: [String]?
  /// The workers that act for the run; nil where there are none.
  var workers: WorkerOptions.Record?
  /// The file of the policy that the run began with; nil where that knew nothing.
  var startingPolicy: String?
  /// What stands between the environment and what is learned; nil where nothing does.
  var wrappers: Wrappers?
  /// The options of every reset, in JSON.
  var options: String?
  /// The content of the curriculum's file.
  var curriculum: String?
  /// Which numbers of the environment's own are followed.
  var info: String?
  /// The one of them that the best policy is chosen by; nil for the mean return.
  var criterion: String?
  /// The columns of the metrics that not every run has.
  var furtherColumns: [String]

  func requireRanges() throws(TrainingError) {
    try restarts.requireRanges()
    try wrappers?.requireRanges()
    let numbers = [
      ("environmentCount", environmentCount, EnvironmentOptions.environmentCounts),
      ("processCount", processCount, EnvironmentOptions.processCounts),
      ("wait", wait ?? 1, EnvironmentOptions.processCounts),
      ("evaluationInterval", evaluationInterval, EvaluationSchedule.intervals),
      ("evaluationEpisodes", evaluationEpisodes, EvaluationSchedule.episodeCounts),
      ("workers", workers?.count ?? 0, WorkerOptions.counts),
      ("worker-restarts", workers?.restarts ?? 0, RestartOptions.counts),
      ("threads", workers?.threads ?? 0, WorkerOptions.threadCounts),
      ("late-workers", workers?.late ?? 0, WorkerOptions.lateCounts),
    ]
    for (name, number, range) in numbers where !range.contains(number) {
      throw .unusableSetting(
        name: name, value: "\(number)", requirement: "from \(range.lowerBound) to \(range.upperBound)")
    }
  }
}
