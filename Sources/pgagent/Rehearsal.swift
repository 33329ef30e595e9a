import Drawing
import Environments
import Gymwire
import GymwireIO
import PolicyGradients
import Reporting

/// Episodes that a run's policy plays for a report, of which the best, the median and the worst are shown.
struct Rehearsal {
  /// The returns of all.
  private(set) var returns: [Double] = []
  private(set) var films: [EpisodeFilm] = []

  private static let size = RenderSize(rows: 160, columns: 240)
  private static let mostPictures = 64

  /// One episode, with pictures at equal distances; every second one goes whenever there are too many.
  private struct Take {
    var total = 0.0
    var steps = 0
    var pictures: [Picture] = []
    var texts: [String] = []
    var distance = 1

    mutating func add(_ rendering: Rendering?) {
      guard steps % distance == 0 else { return }
      switch rendering {
      case .frame(let picture)?: pictures.append(picture.reduced(toWidth: size.columns, height: size.rows))
      case .text(let text)?: texts.append(text)
      case nil: break
      }
      guard max(pictures.count, texts.count) >= 2 * mostPictures else { return }
      pictures = pictures.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      texts = texts.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
      distance *= 2
    }
  }

  /// Lets the policy of a run play.
  ///
  /// - Parameter group: the number of the run's group in the report.
  init(_ run: RecordedRun, _ options: EnvironmentOptions, group: Int, episodes: Int) throws {
    let snapshot = try PolicyFileReader(path: run.policyPath).readSnapshot()
    let policy = try UnusableFile.namingPolicy(run.policyPath) { () throws(TrainingError) in try snapshot.makePolicy() }
    let environment = try options.startForShow([.frame, .text], isRecorded: false)
    defer { environment.close() }
    let wrapped = try snapshot.wrappers.wrap(environment)
    try PolicyOptions.require(policy, fits: wrapped)
    let player = Player(policy, in: environment, through: wrapped, seed: 0, isDeterministic: true)
    var takes: [Take] = []
    for _ in 0..<episodes where !Interruption.isRequested {
      try player.begin()
      var take = Take()
      take.add(try player.look(Self.size))
      while player.end == nil, !Interruption.isRequested {
        try player.step()
        (take.total, take.steps) = (player.total, player.steps)
        if take.steps % take.distance == 0 { take.add(try player.look(Self.size)) }
      }
      takes.append(take)
    }
    returns = takes.map(\.total)
    let order = takes.indices.sorted { (takes[$0].total, $0) > (takes[$1].total, $1) }
    guard environment.renderMode != nil, let best = order.first, let worst = order.last else { return }
    let median = order[order.count / 2]
    var shown: [(String, Int)] = [("best", best), ("median", median), ("worst", worst)]
    if order.count < 3 { shown = [("best", best)] }
    films = shown.map { title, index in
      let take = takes[index]
      return EpisodeFilm(
        group: group, title: title, total: take.total, steps: take.steps,
        pictures: EpisodeFilm.spread(take.pictures, Self.mostPictures), texts: take.texts,
        seconds: Double(take.steps) / (environment.framesPerSecond ?? 30))
    }
  }
}
