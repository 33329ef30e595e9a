import CommandLineOptions
import GymwireIO
import Reporting

/// `pgagent report`: one page about some runs, to look at and to send to somebody.
enum ReportCommand {
  static let runs = Option(
    arguments: "RUN_DIR", .directory(), defaultText: "none; at least one has to be given",
    help: "Runs of pgagent train.")
  static let output = Option("out", .path(), default: "report.html", help: "The file to write.")
  static let standardEpisodes = 9
  static let episodes = Option(
    "episodes", .integer(in: 0...1000), default: standardEpisodes,
    help: """
      How many episodes each run's policy plays for the report, in the environment that the run names; the best, the median \
      and the worst are shown. With 0 no process is started.
      """)

  static let command = Command(
    "report", summary: "Write one page about runs, with curves and episodes, that opens in every browser.",
    details: """
      Example: pgagent report runs/* --out report.html
      Runs that differ in nothing but their seeds become one curve with their spread; others are put side by side, and each
      environment has charts of its own.
      The page needs neither a network nor scripts, and prints.
      """,
    groups: [OptionGroup("Report", runs, output, episodes), EnvironmentOptions.group],
    run: { arguments in
      guard !arguments[runs].isEmpty else {
        throw UsageError.conflict("a run is missing: give the directory of one, or of several")
      }
      try NamedFile.requireWritable(arguments[output], of: "--out")
      try write(arguments[runs], to: arguments[output], episodes: arguments[episodes], arguments)
      return Interruption.isRequested ? Interruption.exitStatus : 0
    })

  /// The most groups whose policies are shown at play, so that the page stays small.
  private static let mostShown = 4

  /// Writes a report about the runs in some directories, and says so.
  ///
  /// - Parameter arguments: where the options about environments stand, if the command has them.
  static func write(_ paths: [String], to path: String, episodes: Int, _ arguments: Arguments) throws {
    let recorded = try paths.map { try RecordedRun($0) }
    let data = try recorded.map { try $0.data() }
    let groups = RunGroup.groups(of: data)
    var (films, played, remarks): ([EpisodeFilm], [[Double]], [String]) = ([], [], [])
    for (index, group) in groups.enumerated() where episodes > 0 && !Interruption.isRequested {
      guard index < mostShown else {
        remarks.append("Episodes of the first \(mostShown) groups are shown.")
        break
      }
      // The run that did best stands for its group.
      let best = group.runs.max { ($0.finalReturn ?? -.infinity) < ($1.finalReturn ?? -.infinity) }
      guard let run = recorded.first(where: { VisibleText.line($0.path) == best?.name }) else { continue }
      do {
        let rehearsal = try Rehearsal(
          run, EnvironmentOptions(arguments, resuming: run.record()), group: index, episodes: episodes)
        films += rehearsal.films
        played.append(rehearsal.returns)
        if rehearsal.films.isEmpty { remarks.append("The environment of \(run.path) does not draw itself.") }
      } catch {
        played.append([])
        let reason = "no episodes of \(run.path) are in the report: \(error)"
        StandardStreams.report("warning: \(reason)")
        remarks.append(VisibleText.lines(reason.prefix(1).uppercased() + reason.dropFirst()))
      }
    }
    let html = Report(groups, films: films, played: played, remarks: remarks).html
    try Array(html.utf8).withUnsafeBytes { try AtomicFile.write($0, to: path) }
    StandardStreams.report("report written to \(path), \((html.utf8.count / 1000).grouped) kB")
  }
}
