import Environments
import Gymwire

/// How the options of episodes reach sub-environments that share a process, each of which gets its own.
extension RemoteVectorEnvironment {
  /// The options of the episodes that begin now in some rows.
  func optionsOfRows(_ rows: Range<Int>, or options: [String: PlainValue]) -> [[String: PlainValue]] {
    guard let episodeOptions else { return Array(repeating: options, count: rows.count) }
    return rows.map { episodeOptions.next($0) }
  }

  /// Begins the episodes of a process's rows whose options differ from the first one's, which all rows have begun with.
  ///
  /// A reset has one set of options for all that it addresses, and the first has to address all (protocol/SPEC.md 12.12).
  func resetFurtherRows(_ index: Int, _ seed: UInt64?, _ options: [[String: PlainValue]]) throws(ConnectionError) {
    let first = members[index].rows.lowerBound
    for (row, own) in options.enumerated() where own != options[0] {
      try resetRow(first + row, of: index, ResetRequest(seed: seed, environments: [row], options: own))
    }
  }

  /// Gives the episodes that a process has begun by itself within the step their options.
  func resetEndedRows(_ index: Int) throws(ConnectionError) {
    guard let episodeOptions else { return }
    let rows = members[index].rows
    try outcome.forEachEndedRow(in: rows) { (row) throws(ConnectionError) in
      let options = episodeOptions.next(row)
      if options.isEmpty { return }
      try resetRow(row, of: index, ResetRequest(environments: [row - rows.lowerBound], options: options))
    }
  }

  /// Begins an episode in some sub-environments; where a process fails in it, or has made its steps, another takes its
  /// place and all of its episodes are cut.
  public func resetRows(_ rows: [Int]) throws {
    for index in members.indices {
      let own = members[index].rows
      if isReplacementDueBetweenEpisodes(index), rows.contains(where: own.contains) {
        outcome.cut(own)
        for row in own { outcome.infos[row] = nil }
        try replaceInOrderAndReset(index)
        continue
      }
      for row in rows where own.contains(row) {
        let place = remotes[index].isBatched ? [row - own.lowerBound] : nil
        let request = ResetRequest(environments: place, options: episodeOptions?.next(row) ?? [:])
        do throws(ConnectionError) { try resetRow(row, of: index, request) } catch {
          outcome.cut(own)
          try startAnew(index, after: error, seed: nextSeed(of: index), optionsOfRows(own, or: [:]))
          break
        }
      }
    }
  }

  private func resetRow(_ row: Int, of index: Int, _ request: ResetRequest) throws(ConnectionError) {
    outcome.infos[row] = nil
    try remotes[index].sendReset(request)
    try remotes[index].receiveReset(into: outcome, rows: row..<row + 1)
  }
}
