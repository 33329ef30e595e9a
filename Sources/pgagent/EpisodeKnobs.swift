import CommandLineOptions
import Environments
import GymwireIO
import PolicyGradients

/// What episodes are to be like, and what is followed of them: options of the resets, a curriculum, numbers of the info.
struct EpisodeKnobs {
  static let options = Option(
    "options", .text("JSON"), defaultText: "none",
    help: """
      Options of every reset, as an object: {"low":-0.1}. A value may be {"uniform":[8,12]}, {"normal":[9.8,0.5]} or \
      {"choice":[1,2,3]}, from which each episode draws by the seed of the run. Servers ignore options that they do not know.
      """)
  static let curriculum = Option(
    "curriculum", .path(), defaultText: "none",
    help: """
      A file such as {"lessons":[{"options":{"high":0.1}, "next":{"mean_return":400, "episodes":20}}, \
      {"options":...}]}. The next lesson begins once every condition in "next" is reached: steps, mean_return, \
      mean_length and info, over the last episodes (100, unless episodes says otherwise). Evaluations play the last lesson.
      """)
  static let information = Option(
    "log-info", .text("NAMES"), defaultText: "none",
    help: """
      Follow numbers that the environment reports in info, such as success,distance: the last one of each episode, or with \
      distance:mean the mean of its steps. Their means over episodes are shown and in the metrics, as info_success.
      """)

  /// The options, as they were written; nil where there are none.
  var options: String?
  /// The file's content; nil where there is none.
  var curriculum: String?
  /// What is followed.
  var metrics: [InfoMetric]

  /// Reads the command line, and the file if there is one.
  ///
  /// - Parameter hasCurriculum: whether the command has such an option.
  init(_ arguments: Arguments, hasCurriculum: Bool) throws {
    options = arguments[Self.options]
    metrics = try Self.metrics(arguments[Self.information])
    guard hasCurriculum, let path = arguments[Self.curriculum] else { return }
    if options != nil {
      throw UsageError.conflict("--options and --curriculum both say what episodes are like; give one of them")
    }
    let bytes = try NamedFile.read(path, of: "--curriculum", meaning: "a file of lessons", atMost: 1 << 24)
    curriculum = String(decoding: bytes, as: UTF8.self)
  }

  /// Those of a resumed run.
  init(resuming record: RunRecord) throws(UsageError) {
    (options, curriculum) = (record.options, record.curriculum)
    metrics = try Self.metrics(record.info)
  }

  /// The options that are given on a command line which cannot change them.
  static func given(_ arguments: Arguments) -> [(name: String, isGiven: Bool)] {
    [
      ("options", arguments.isGiven(options)), ("curriculum", arguments.isGiven(curriculum)),
      ("log-info", arguments.isGiven(information)),
    ]
  }

  /// What is followed, as the command line has it; nil for nothing.
  var information: String? { metrics.isEmpty ? nil : metrics.map(\.text).joined(separator: ",") }

  /// Refuses what workers, who have environments of their own, are not told of.
  func refuseWorkers(_ wrappers: Wrappers) throws(UsageError) {
    guard options == nil, curriculum == nil, metrics.isEmpty, wrappers.isEmpty else {
      throw .conflict(
        "--workers cannot be given with --options, --curriculum, --log-info or wrappers: episodes are played elsewhere")
    }
  }

  /// The lessons; one that never ends for options alone, nil where there is neither.
  func lessons() throws -> Curriculum? {
    do throws(OptionError) {
      if let curriculum { return try Curriculum(curriculum) }
    } catch { throw UsageError.conflict("--curriculum cannot be used: \(error)") }
    return try options.map { Curriculum(always: try Self.template($0)) }
  }

  /// The options of evaluations: those of the last lesson.
  func lastLesson() throws -> Curriculum? {
    try lessons()?.lessons.last.map { Curriculum(always: $0.options) }
  }

  /// The options of all lessons.
  func templates() throws -> [OptionTemplate] { try lessons()?.lessons.map(\.options) ?? [] }

  /// Says which of the options a server ignores, where it has told which it takes (protocol/SPEC.md 11.3, 11.6).
  static func reportUnknown(_ templates: [OptionTemplate], by environment: RemoteVectorEnvironment?) {
    guard let known = environment?.optionNames else { return }
    let unknown = Set(templates.flatMap(\.names)).subtracting(known).sorted()
    guard !unknown.isEmpty else { return }
    let takes = known.isEmpty ? "takes none" : "takes \(known.joined(separator: ", "))"
    StandardStreams.report(
      "warning: the environment's server \(takes), and ignores the option\(unknown.count > 1 ? "s" : "") "
        + VisibleText.line(unknown.joined(separator: ", ")))
  }

  private static func template(_ text: String) throws(UsageError) -> OptionTemplate {
    do throws(OptionError) { return try OptionTemplate(text) } catch {
      throw .conflict("--options cannot be used: \(error)")
    }
  }

  /// The points of a grid.
  static func grid(_ text: String) throws(UsageError) -> [OptionTemplate] {
    do throws(OptionError) { return try OptionGrid.points(text) } catch {
      throw .conflict("--options cannot be used: \(error)")
    }
  }

  private static func metrics(_ text: String?) throws(UsageError) -> [InfoMetric] {
    var metrics: [InfoMetric] = []
    for word in text?.split(separator: ",", omittingEmptySubsequences: false) ?? [] {
      guard let metric = InfoMetric(String(word)) else {
        throw .conflict(
          "--log-info cannot be used: \"\(word)\" is not a name, nor a name with :last or :mean behind it")
      }
      if !metrics.contains(metric) { metrics.append(metric) }
    }
    return metrics
  }

  /// The columns of the metrics that there are because of these.
  func columns() throws -> [String] {
    try Self.columns(hasLessons: (lessons()?.lessons.count ?? 0) > 1, followed(by: lessons()))
  }

  private static func columns(hasLessons: Bool, _ metrics: [InfoMetric]) -> [String] {
    (hasLessons ? ["lesson"] : []) + metrics.map { MetricsRow.infoPrefix + $0.text }
  }

  /// What is followed for people, and for lessons to end.
  func followed(by curriculum: Curriculum?) -> [InfoMetric] {
    let needed = (curriculum?.infoNames ?? []).compactMap { InfoMetric($0) }
    return metrics + needed.filter { !metrics.contains($0) }
  }
}
