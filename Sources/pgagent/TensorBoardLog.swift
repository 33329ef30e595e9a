#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import CommandLineOptions
import Drawing
import GymwireIO
import Interchange
import PolicyGradients
import Reporting

/// The event file of a run, which TensorBoard reads while it grows.
///
/// Each epoch is one piece that is the operating system's at once, so that a reader finds whole records.
final class TensorBoardLog {
  static let isWanted = Option(
    flag: "tensorboard",
    help: """
      Write a TensorBoard event file to the run's directory too: every metric, histograms of the actions (the first \
      \(ActionHistograms.mostNumbers) numbers), the settings as hparams. At the end the policy plays one episode \
      in a process of its own, and the file keeps a film of it if the environment can draw itself. The file grows with \
      every epoch, and a resumed run appends to it.
      """)

  private let file: GrowingFile
  private let actions: ActionHistograms

  /// Begins a file in a run's directory, beside those that the run has written before it was interrupted.
  init(in directory: String, _ trainer: Trainer, _ record: RunRecord) throws {
    actions = try trainer.countActions()
    let time = Self.now
    // A reader takes the files in the order of their names, so each needs a later one.
    let numbers = try Directory.names(in: directory).compactMap { name in
      name.hasPrefix(Self.prefix) ? Int(name.dropFirst(Self.prefix.count).prefix { $0 != "." }) : nil
    }
    let number = max(Int(time), (numbers.max() ?? 0) + 1)
    file = try GrowingFile("\(directory)/\(Self.prefix)\(number)\(Self.suffix)")
    try append(
      [.version(time: time)]
        + (numbers.isEmpty ? [] : [.restart(time: time, step: trainer.environmentSteps + 1)])
        + [.settings(time: time, Self.settings(record))])
  }

  private static let prefix = "events.out.tfevents."
  private static let suffix = ".pgagent"
  private static var now: Double { Date().timeIntervalSince1970 }

  /// Adds an epoch.
  func append(_ metrics: EpochMetrics, _ row: MetricsRow) throws {
    try append([
      .summary(
        time: Self.now, step: metrics.environmentSteps, scalars: row.scalars,
        histograms: actions.take().map { ("actions/\($0.name)", $0) })
    ])
  }

  /// Adds an evaluation.
  func append(_ row: EvaluationRow) throws {
    let scalars = [
      ("mean_return", row.meanReturn), ("std_return", row.deviation), ("min_return", row.minimum),
      ("max_return", row.maximum), ("mean_length", row.meanLength),
    ]
    try append([.summary(time: Self.now, step: row.steps, scalars: scalars.map { ("eval/\($0.0)", $0.1) })])
  }

  /// Adds an episode as a film; nothing where the environment does not draw itself.
  func append(_ episode: EpisodeFilm, step: Int) throws {
    guard let first = episode.pictures.first else { return }
    let milliseconds = Int(max(20, 1000 * episode.seconds / Double(episode.pictures.count)).rounded())
    var film = Film(width: first.width, height: first.height)
    for picture in episode.pictures { film.append(picture, milliseconds: milliseconds) }
    try append([
      .image(
        time: Self.now, step: step, tag: "eval/episode", width: first.width, height: first.height,
        png: film.animatedPNG)
    ])
  }

  /// Says that the run has come to its end.
  func end() throws { try append([.end(time: Self.now, isComplete: true)]) }

  private func append(_ records: [EventRecord]) throws {
    try records.flatMap(\.bytes).withUnsafeBytes { try file.append($0) }
  }

  private static func settings(_ record: RunRecord) -> [(name: String, value: EventRecord.SettingValue)] {
    let values = record.configuration
    let settings = values.algorithm.settings.map(\.declaration.name).compactMap { name in
      values.content(of: name).map { (name, EventRecord.SettingValue($0)) }
    }
    return [
      ("env", .text(record.environmentID ?? record.environmentCommand)), ("algo", .text(values.algorithm.name)),
      ("num-envs", .number(Double(record.environmentCount))),
    ] + settings
  }
}

extension EventRecord.SettingValue {
  fileprivate init(_ content: SettingContent) {
    self =
      switch content {
      case .integer(let value): .number(Double(value))
      case .number(let value): .number(value)
      case .toggle(let value): .flag(value)
      case .integers, .word: .text(content.description)
      }
  }
}
