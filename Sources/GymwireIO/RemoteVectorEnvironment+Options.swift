import Environments
import Gymwire

/// How the options of episodes reach sub-environments that share a process, each of which gets its own.
extension RemoteVectorEnvironment {
  /// The options of the episodes that begin now in some rows.
  func optionsOfRows(_ rows: Range<Int>, or options: [String: PlainValue]) -> [[String: PlainValue]] {
    guard let episodeOptions else { return Array(repeating: options, count: rows.count) }
    return rows.map { episodeOptions.next($0) }
  }

  /// Gives the episodes that a process has begun by itself within the step their options.
  func resetEndedRows(_ index: Int) {
    let rows = members[index].rows
    var errand = Errand(process: index)
    outcome.forEachEndedRow(in: rows) { row in
      errand.further.append(PendingReset(place: row - rows.lowerBound, isOptional: true))
    }
    begin(errand)
  }

  /// Asks for episodes in some sub-environments without waiting for them.
  public func beginResetRows(_ rows: [Int]) {
    hasBegunResettingRows = true
    for index in members.indices {
      let own = members[index].rows
      let places = rows.filter(own.contains).map { $0 - own.lowerBound }
      if places.isEmpty { continue }
      if isReplacementDueBetweenEpisodes(index) {
        outcome.cut(own)
        beginReplacement(index, nextBeginning(of: index))
      } else {
        let isBatched = remotes[index].isBatched
        begin(Errand(process: index, further: places.map { PendingReset(place: isBatched ? $0 : nil) }))
      }
    }
  }

  /// Begins an episode in some sub-environments; where a process fails in it, or has made its steps, another takes its
  /// place and all of its episodes are cut.
  public func resetRows(_ rows: [Int]) throws {
    if !hasBegunResettingRows { beginResetRows(rows) }
    hasBegunResettingRows = false
    try finishErrands()
  }
}
